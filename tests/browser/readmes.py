"""Long descriptions: one as people write them, an older one of another format, and one that means harm."""

README = """\
# public-hello

[![Build](https://img.shields.io/badge/build-passing-green.svg)](https://example.org/build)
![Coverage](https://img.shields.io/badge/coverage-100%25-green.svg)

**Says hello**, in as many languages as you like. See [Usage](#usage), the [changes](CHANGES.md), or
the [documentation](https://example.org/hello/docs).

> [!NOTE]
> Needs Python 3.9 or newer.

## Installation

```console
$ pip install public-hello
```

## Usage

```python
from public_hello import hi

def greet(name: str, *, language: str = "en") -> str:
    # One line that is long enough to need a scroll bar on a telephone, and on most desktops too, if it goes on
    return f"{hi(language)} {name}!"
```

| Language | Greeting   | Since |
|----------|------------|------:|
| English  | Hello      |   0.1 |
| Español  | Hola       |   0.1 |
| 日本語    | こんにちは |   0.2 |

### Options

- [x] `language`: which language to greet in
- [ ] `loud`: not there yet

1. First *this*,
2. then ~~that~~ this.

<details><summary>More</summary>Folded text.</details>

![A diagram](docs/diagram.png)

Footnotes work too.[^1]

[^1]: As this one shows.
"""

OLD = """\
public-hello
============

The first release, which was described in *reStructuredText*.

.. note:: It knows only English.

Usage
-----

.. code-block:: python

   import public_hello
   print(public_hello.hi())

See `the documentation <https://example.org/hello/docs>`_.
"""

HOSTILE = """\
# Hostile

<script>window.harmed = "script"</script>
<img src="x" onerror="window.harmed = 'onerror'">
<img src="https://evil.example/pixel.png" width="1" height="1">
<svg onload="window.harmed = 'svg'"><script>window.harmed = 'svg script'</script></svg>
<iframe src="https://evil.example/"></iframe> <object data="https://evil.example/"></object>
<form action="https://evil.example/"><button>Log in</button></form>
<style>body { background: url(https://evil.example/style.png) }</style>
<link rel="stylesheet" href="https://evil.example/style.css"> <base href="https://evil.example/">
<meta http-equiv="refresh" content="0; url=https://evil.example/">
<div class="notice danger" style="position: fixed; inset: 0">Press <a href="https://evil.example/">here</a></div>
<p id="install">A place of the page?</p> <p id="1.0">A release?</p> <p data-field="name" data-release="9.9">evil</p>

[one](javascript:window.harmed='javascript') [two](data:text/html,<script>window.harmed='data'</script>)
[three](JaVaScRiPt:alert(1)) [four](&#106;avascript:alert(1)) [five](vbscript:x) ![six](javascript:alert(1))
![seven](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+)

[hostile-99.0.tar.gz](https://evil.example/hostile-99.0.tar.gz) [relative](hostile-99.0.tar.gz)
<a href="https://evil.example/hostile-98.0-py3-none-any.whl#sha256=00">hostile-98.0-py3-none-any.whl</a>

</div></section></main></body></html> <!-- <a href="https://evil.example/hostile-97.0.zip">x</a>
"""
