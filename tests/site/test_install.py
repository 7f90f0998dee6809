"""Every way of building that a pointer carries, installed by pip and uv from an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site import projects

if TYPE_CHECKING:
    from tests.site.conftest import Index, Installer

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(projects.SAMPLES))
def test_each_way_of_building(installer: Installer, index: Index, name: str) -> None:
    index.add_sample(name)
    installer.install(name)
    assert installer.python_says(f"import {name}; print({name}.VALUE, version('{name}'))") == f"{name} 1.0"
