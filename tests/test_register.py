from tests.verbs import Index, command


def test_smoke(index, hello):
    print(index.run("register", hello))
    print(index.package("public-hello"))
    print(command("register", "--help"))
    assert 0


def test_smoke2(hub):
    from tests.samples import on_github

    on_github(hub.github, "octo/public-hello", "0.1")
    print(hub.run("register", "octo/public-hello"))
    print(hub.index.pulls[0].body)
    print(hub.calls())
    assert 0
