"""Scoring by a Dask cluster of local processes: the same score, whatever becomes of a worker."""

import os
import signal
import sys

import pytest
from support.many_documents import FILES, assert_same, write_files
from support.own_schemas import PREDICTED, own_task

from benchmark import make_task, read_predictions, score
from benchmark.errors import WorkerError
from benchmark.scoring.parallel import dask_cluster

distributed = pytest.importorskip("distributed")
LOCAL = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "threads_per_worker": 1}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_files(tmp_path_factory.mktemp("files"), 1500)


@pytest.fixture(scope="module")
def address():
    """The scheduler of two processes, which work in another folder than the tests."""
    with distributed.LocalCluster(n_workers=2, processes=True, **LOCAL) as local:
        yield local.scheduler_address


@pytest.fixture
def here(files, monkeypatch):
    monkeypatch.chdir(files)


def pair(place=""):
    return make_task(f"{place}g.jsonl", "s.json"), read_predictions(f"{place}p.jsonl")


def test_the_score_is_that_of_one_process_though_a_worker_is_killed(here, address):
    one = score(*pair())
    with distributed.Client(address, set_as_default=False) as client:
        pids = client.run(os.getpid)
    done, killed = [], []

    def kill(documents):
        done.append(documents)
        if len(done) == 2:
            killed.append(next(iter(pids.values())))
            os.kill(killed[0], signal.SIGKILL)

    assert_same(one, score(*pair(), dask=address, progress=kill))
    assert len(killed) == 1
    assert sum(done) == 1500


def test_documents_are_scored_by_their_own_schemas(address):
    here, there = score(own_task(), PREDICTED), score(own_task(), PREDICTED, dask=address)
    assert (here.counts == there.counts).all()
    assert (here.signature, here.statuses) == (there.signature, there.statuses)


def test_the_command_line_prints_the_same(here, files, address, fieldmark):
    paths = [f"file://{files}/p.jsonl", "--gold", files / "g.jsonl", "--schema", files / "s.json"]
    status, one, err = fieldmark("score", *paths, "--format", "json")
    assert (status, err) == (0, "")
    assert fieldmark("score", *paths, "--format", "json", "--dask", address) == (0, one, "")


def test_files_may_be_where_only_a_url_leads(here, files):
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    for name in ("g.jsonl", "p.jsonl"):
        store.pipe(f"/spread/{name}", (files / name).read_bytes())
    with distributed.LocalCluster(n_workers=1, processes=False, protocol="tcp", **LOCAL) as local:
        found = score(*pair("memory://spread/"), dask=local.scheduler_address)
    assert_same(score(*pair()), found)


def test_an_error_of_the_data_is_that_of_one_process(tmp_path, monkeypatch, fieldmark, address):
    write_files(tmp_path)
    gold = tmp_path / "g.jsonl"
    gold.write_text(gold.read_text("utf-8").replace('"size": 75.0', '"size": "large"'), "utf-8")
    one = fieldmark("score", *FILES)
    assert one[0] == 2
    assert "gold of 'd300' breaks the schema" in one[2]
    assert fieldmark("score", *FILES, "--dask", address) == one


def test_a_file_that_workers_cannot_read_is_named(tmp_path, monkeypatch, address):
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    task, predictions = pair()
    (tmp_path / "p.jsonl").unlink()
    with pytest.raises(WorkerError, match=r"on a worker, .*p\.jsonl: cannot be read: No such file"):
        score(task, predictions, dask=address)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "nonsense", "foo://127.0.0.1:9"])
def test_an_address_where_no_scheduler_answers(here, files, monkeypatch, fieldmark, address):
    monkeypatch.setattr(dask_cluster, "CONNECT", 1)
    status, out, err = fieldmark("score", *_in(files), "--dask", address)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: no Dask scheduler answers at {address}: ")
    assert err.count("\n") == 1


def test_a_cluster_without_workers(here, monkeypatch):
    monkeypatch.setattr(dask_cluster, "START", 1)
    none = distributed.LocalCluster(n_workers=0, processes=False, protocol="tcp", **LOCAL)
    with none, pytest.raises(WorkerError, match="has no worker, and got none in 1 seconds"):
        score(*pair(), dask=none.scheduler_address)


def test_without_the_package_the_way_out_is_named(files, monkeypatch, fieldmark):
    monkeypatch.setitem(sys.modules, "distributed", None)
    status, out, err = fieldmark("score", *_in(files), "--dask", "127.0.0.1:9")
    assert (status, out) == (2, "")
    assert "pip install 'fieldmark[dask]'" in err


def test_jobs_and_dask_exclude_each_other(files, fieldmark):
    status, out, err = fieldmark("score", *_in(files), "--dask", "127.0.0.1:9", "--jobs", "2")
    assert (status, out) == (2, "")
    assert "--jobs and --dask exclude each other" in err


def _in(folder):
    return [folder / "p.jsonl", "--gold", folder / "g.jsonl", "--schema", folder / "s.json"]
