"""The smallest wheels and sdists that pip installs."""

from __future__ import annotations

import io
import tarfile
import zipfile

# A build backend in the sdist itself, so that nothing else is asked for.
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
BACKEND = """
from pathlib import Path

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = Path(folder, {info!r})
    info.mkdir()
    (info / "METADATA").write_text({metadata!r})
    return info.name
"""


def make(name: str, version: str, kind: str) -> tuple[str, bytes]:
    """The name and the bytes of a file of this kind, "wheel" or "sdist"."""
    stem = f"{name}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    info = f"{stem}.dist-info"
    body = io.BytesIO()
    if kind == "wheel":
        with zipfile.ZipFile(body, "w") as wheel:
            wheel.writestr(f"{info}/METADATA", metadata)
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        return f"{stem}-py3-none-any.whl", body.getvalue()
    texts = {
        "PKG-INFO": metadata,
        "pyproject.toml": PYPROJECT,
        "backend.py": BACKEND.format(info=info, metadata=metadata),
    }
    with tarfile.open(fileobj=body, mode="w:gz") as sdist:
        for path, text in texts.items():
            entry = tarfile.TarInfo(f"{stem}/{path}")
            entry.size = len(text)
            sdist.addfile(entry, io.BytesIO(text.encode()))
    return f"{stem}.tar.gz", body.getvalue()
