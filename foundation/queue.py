"""The queue: RQ on a real Redis. Messages carry a job's id and nothing else, as JSON."""

from __future__ import annotations

import importlib
import logging
import re
from collections.abc import Callable
from functools import cache

from redis import Redis, RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from foundation import jobs
from foundation.database import Store, utc_now
from foundation.problems import Place, ProblemsError
from foundation.redis_server import socket_path
from foundation.settings import Settings
from foundation.tables import Job

QUEUE = "soundings"
JOB_SECONDS = 6 * 3600
MAINTENANCE_SECONDS = 30
WORKER_TTL = 60
# Only what a module of jobs defines: no other function of ours runs for whoever writes a row.
TASKS = re.compile(r"(survey|cati|analysis)\.([a-z]+\.)*[a-z]*jobs\.[a-z][a-z_]*")

log = logging.getLogger(__name__)


def connect(settings: Settings) -> Redis:
    """Return the connection to the queue's Redis."""
    if settings.redis_url:
        return Redis.from_url(settings.redis_url)
    return Redis(unix_socket_path=str(socket_path(settings.data_dir)))


def send_due(store: Store, redis: Redis) -> int:
    """Send every job that waits for a message; return how many were sent.

    Redis being down is no error here: the rows wait, and the next call sends them.
    """
    with store.read() as session:
        due = jobs.unsent(session, utc_now())
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    for job_id in due:
        try:
            queue.enqueue("foundation.queue.perform", job_id, job_timeout=JOB_SECONDS, result_ttl=0)
        except RedisError:
            log.warning("the queue is out of reach; job %d waits", job_id)
            return 0
        with store.write() as session:
            jobs.mark_sent(session, job_id, utc_now())
    return len(due)


def work(settings: Settings) -> None:
    """Run a worker in this process until it is told to stop."""
    # Loaded before the fork, so that each job starts at once.
    importlib.import_module("analysis.jobs")
    worker = Worker(
        [QUEUE],
        connection=connect(settings),
        serializer=JSONSerializer,
        maintenance_interval=MAINTENANCE_SECONDS,
        worker_ttl=WORKER_TTL,
    )
    worker.work(logging_level="WARNING")


@cache
def _installation() -> tuple[Store, Settings]:
    settings = Settings.from_env()
    return Store(settings.store_url), settings


def perform(job_id: int) -> None:
    """Do one job in a worker; what is wrong with its input ends in the job's row."""
    store, settings = _installation()
    perform_in(store, settings, job_id)


def perform_in(store: Store, settings: Settings, job_id: int) -> None:
    """Do one job against a given store: `perform` for tests and for the demo."""
    work_ = jobs.begin(store, settings, job_id)
    if work_ is None:
        return
    try:
        jobs.while_beating(work_, _function(store, job_id))
    except jobs.SupersededError:
        log.warning("job %d was taken over by another worker", job_id)
    except ProblemsError as error:
        jobs.fail(work_, error.problems)
    except Exception as error:
        jobs.fail(work_, (jobs.BROKE.at(Place(), kind=type(error).__name__),))
        raise


def _function(store: Store, job_id: int) -> Callable[[jobs.Work], None]:
    with store.read() as session:
        job = session.get(Job, job_id)
    if job is None or not TASKS.fullmatch(job.task):
        raise ValueError(f"job {job_id} names no task of this product")
    module, _, name = job.task.rpartition(".")
    function: Callable[[jobs.Work], None] = getattr(importlib.import_module(module), name)
    return function
