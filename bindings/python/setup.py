"""Gives the wheel the workspace's version and a tag that says what the library inside needs."""

import re
import sysconfig
from pathlib import Path

from setuptools import setup
from setuptools.dist import Distribution
from wheel.bdist_wheel import bdist_wheel

HERE = Path(__file__).resolve().parent


def version():
    """The version of the library, which the generated module must share."""
    manifest = (HERE.parent.parent / "Cargo.toml").read_text(encoding="utf-8")
    return re.search(r'^version = "(.+)"$', manifest, re.MULTILINE)[1]


def platform():
    """The platform the library runs on; on Linux, with the oldest glibc that has every symbol it asks for."""
    here = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    library = HERE / "doorstep" / "libdoorstep_ffi.so"
    if not here.startswith("linux_") or not library.exists():
        return here
    asked = [tuple(map(int, found)) for found in re.findall(rb"\0GLIBC_(\d+)\.(\d+)", library.read_bytes())]
    if not asked:
        return here
    major, minor = max(asked)
    return f"manylinux_{major}_{minor}_{here.removeprefix('linux_')}"


class Wheel(bdist_wheel):
    """A wheel for any Python 3 on one platform: the library is reached through ctypes."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = False

    def get_tag(self):
        return "py3", "none", platform()


class WithLibrary(Distribution):
    """Says that the package is not pure Python."""

    def has_ext_modules(self):
        return True


setup(version=version(), cmdclass={"bdist_wheel": Wheel}, distclass=WithLibrary)
