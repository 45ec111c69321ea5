"""What a wheel holds, and that it works from an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_task_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tracked = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "gold").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert tracked <= set(names)
    roots = {name.split("/")[0] for name in names if "dist-info" not in name}
    assert roots == {"benchmark", "runners", "gold"}


def test_the_wheel_runs_in_an_empty_folder(wheel, tmp_path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", site]
    subprocess.run([*install, wheel], check=True, capture_output=True)
    code = "import benchmark, benchmark.cli; print(benchmark.__file__); benchmark.cli.main()"
    run = subprocess.run(
        [sys.executable, "-c", code, "run", "rules"],
        cwd=empty,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith(str(site))
    assert "events (all fields)" in run.stdout
    assert (empty / "fieldmark-results" / "runs" / "rules" / "scores.json").is_file()
