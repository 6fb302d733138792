"""Records a real Prefect server: its objects, its events and its event socket, as test data.

    python3 -m venv /tmp/prefect-venv
    /tmp/prefect-venv/bin/pip install prefect==3.8.8 fastapi==0.145.0 'sqlalchemy<2.1'
    /tmp/prefect-venv/bin/python record.py

Run it with the Python of a virtual environment that has Prefect. It starts a server and two workers
on loopback, makes a data team's objects, lets their flows succeed and fail (flows.py), reads all of it
back over the server's REST API, and writes catalogue.json, events.jsonl and socket.jsonl beside itself.
It takes some three minutes. Nothing is invented: what is written is what the server said, less the
machine's own facts (see Scrubber), and it ends only the processes that it started.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
SOCKET_FRAMES = 320  # the greeting, the backfill, and live events up to the first failures


def now() -> datetime:
    return datetime.now(timezone.utc)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


TMP = Path(tempfile.mkdtemp(prefix="prefect-recording-"))
CODE = TMP / "flows"
PORT = free_port()
BASE = f"http://127.0.0.1:{PORT}"

# A small environment of its own: nothing of the caller's (a CI's variables, say, which Prefect would
# store as a deployment's version) gets into the recording, and what is not loopback is sent to a
# closed port, so that nothing can leave the machine.
ENV = {
    "PATH": f"{BIN}:/usr/bin:/bin",
    "HOME": str(TMP / "home"),
    "TMPDIR": str(TMP),
    "PREFECT_HOME": str(TMP / "home"),
    "PREFECT_API_URL": f"{BASE}/api",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1,localhost",
    # The defaults are for days of work; these let a pool turn "not ready" within the minutes of a
    # recording. They change when the server says a thing, never what it says.
    "PREFECT_WORKER_HEARTBEAT_SECONDS": "5",
    "PREFECT_WORKER_QUERY_SECONDS": "3",
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "5",
    "PREFECT_SERVER_SERVICES_FOREMAN_INACTIVITY_HEARTBEAT_MULTIPLE": "4",
    "PREFECT_SERVER_SERVICES_FOREMAN_WORK_QUEUE_LAST_POLLED_TIMEOUT_SECONDS": "20",
    "PREFECT_SERVER_SERVICES_FOREMAN_DEPLOYMENT_LAST_POLLED_TIMEOUT_SECONDS": "20",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
}

# ---- processes --------------------------------------------------------------------------------

started: dict[str, subprocess.Popen] = {}


def start(name: str, *command: str) -> None:
    log = open(TMP / f"{name}.log", "wb")
    # A session of its own, so that stop() can end the flow runs' processes with it.
    started[name] = subprocess.Popen(
        [str(BIN / "prefect"), *command], env=ENV, cwd=TMP, stdout=log, stderr=log, start_new_session=True
    )


def stop(name: str, wait: float = 30) -> None:
    process = started.pop(name)
    process.send_signal(signal.SIGINT)  # as Ctrl-C: a worker then finishes what it runs
    try:
        process.wait(wait)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def prefect(*command: str) -> None:
    subprocess.run(
        [str(BIN / "prefect"), *command], env=ENV, cwd=TMP, check=True, stdout=subprocess.DEVNULL
    )


# ---- the REST API -----------------------------------------------------------------------------


def call(method: str, path: str, body=None):
    import httpx

    url = path if path.startswith("http") else BASE + "/api" + path
    for _ in range(10):
        answer = httpx.request(method, url, json=body, timeout=60)
        if answer.status_code != 503:  # the SQLite database was busy; Prefect's own client asks again too
            break
        time.sleep(float(answer.headers.get("Retry-After", 1)))
    answer.raise_for_status()
    return answer.json() if answer.content else None


def read_all(kind: str, **body) -> list:
    """All rows of POST /{kind}/filter, which gives at most 200 at a time."""
    rows: list = []
    while page := call("POST", f"/{kind}/filter", {**body, "limit": 200, "offset": len(rows)}):
        rows += page
        if len(page) < 200:
            break
    return rows


def read_events(since: datetime) -> list:
    """Events are paged otherwise: at most 50 at a time, and next_page is a URL for GET."""
    page = call("POST", "/events/filter", {
        "filter": {"occurred": {"since": since.isoformat(), "until": now().isoformat()}, "order": "ASC"},
        "limit": 50,
    })
    events = page["events"]
    while page["next_page"]:
        page = call("GET", page["next_page"])
        events += page["events"]
    return events


async def record_socket(since: datetime, frames: list) -> None:
    import websockets

    # No pings: a server on SQLite may stand still for a minute, waiting for a lock of its own.
    async with websockets.connect(
        f"ws://127.0.0.1:{PORT}/api/events/out", subprotocols=["prefect"], ping_interval=None
    ) as ws:

        async def say(frame):
            frames.append({"at": now().isoformat(), "sent": frame})
            await ws.send(json.dumps(frame))

        await say({"type": "auth", "token": None})
        frames.append({"at": now().isoformat(), "received": json.loads(await ws.recv())})
        # Without "until" the server takes the time of connecting, and then no live event passes.
        occurred = {"since": since.isoformat(), "until": (now() + timedelta(days=1)).isoformat()}
        await say({"type": "filter", "filter": {"occurred": occurred}, "backfill": True})
        while len(frames) < SOCKET_FRAMES:
            frames.append({"at": now().isoformat(), "received": json.loads(await ws.recv())})


# ---- the data team's objects ------------------------------------------------------------------

POOLS = {"k8s-prod": ["critical", "default", "reporting"], "batch-spot": ["default", "bulk"]}

EVERY_NIGHT = "15 2 * * *"


def make_objects() -> dict:
    """Pools, queues, blocks, deployments and automations; returns the deployments' ids by name."""
    from prefect.blocks.core import Block
    from prefect.blocks.system import Secret
    from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
    from prefect.filesystems import RemoteFileSystem
    from prefect.variables import Variable
    from pydantic import SecretStr

    import flows

    for pool, queues in POOLS.items():
        prefect("work-pool", "create", pool, "--type", "process")
        for priority, queue in enumerate(queues, 1):
            if queue != "default":
                call("POST", f"/work_pools/{pool}/queues", {"name": queue, "priority": priority})
    call("PATCH", "/work_pools/k8s-prod", {"description": "Production flows of the data platform", "concurrency_limit": 8})

    class WarehouseLogin(Block):
        """How this team's flows reach the warehouse."""

        _block_type_slug = "warehouse-login"
        account: str
        user: str
        password: SecretStr

    Secret(value="made-up-token").save("shop-api-token")
    WarehouseLogin(account="acme-eu", user="SVC_DBT", password=SecretStr("made-up-password")).save("warehouse-prod")
    RemoteFileSystem(basepath="s3://acme-warehouse-backups/nightly").save("backup-bucket")
    Variable.set("billing_month", "2026-10", tags=["team:finance-systems"])

    def deploy(entry: str, name: str, pool: str, queue: str, tags: list, **more) -> str:
        flow = flows.flow.from_source(source=str(CODE), entrypoint=f"flows.py:{entry}")
        # The flow before its deployment: tags and labels can be given only where a flow is created.
        call("POST", "/flows/", {"name": flow.name, "tags": tags[:1], "labels": {"owner": tags[0].split(":")[1]}})
        # It prints a table, which says nothing here.
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            return str(flow.deploy(
                name=name, work_pool_name=pool, work_queue_name=queue, tags=tags,
                build=False, push=False, print_next_steps=False, ignore_warnings=True, **more,
            ))

    platform, analytics = ["team:data-platform", "tier:1"], ["team:analytics-eng", "tier:1"]
    finance, growth, ml = ["team:finance-systems", "tier:1"], ["team:growth-data", "tier:2"], ["team:ml-platform", "tier:2"]
    # Every deployment is described: without that, flow.from_source(...).deploy() stores the text "None".
    ids = {
        "ingest-orders/hourly": deploy(
            "ingest_orders", "hourly", "k8s-prod", "critical", [*platform, "source:shop"],
            cron="5 * * * *", concurrency_limit=2, version="2026.11.3",
            description="Shop orders to the raw layer, each hour. Runbook: https://wiki.example.com/runbooks/ingest-orders",
        ),
        "dbt-nightly/prod": deploy(
            "dbt_nightly", "prod", "k8s-prod", "critical", [*analytics, "dbt"], version="2026.11.19",
            schedule=CronSchedule(cron=EVERY_NIGHT, timezone="Europe/Berlin"),
            description="Builds the marts that Finance reads at 07:00.",
        ),
        "customer-360-sync/crm": deploy(
            "customer_360_sync", "crm", "k8s-prod", "default", [*growth, "crm"], cron="*/30 * * * *",
            description="Segments to the CRM, for the sales team.",
        ),
        "billing-export/bank": deploy(
            "billing_export", "bank", "k8s-prod", "reporting", [*finance, "pii"], cron="0 4 1 * *",
            parameters={"month": "2026-10"}, description="Invoices to the bank; Finance approves them at month's end.",
        ),
        "ml-feature-refresh/churn": deploy(
            "ml_feature_refresh", "churn", "k8s-prod", "default", [*ml, "model:churn"], cron="40 3 * * *",
            description="Features of the churn model.",
        ),
        # Its first scheduled run falls due while the pool is paused: that run will be late.
        "warehouse-backup/nightly": deploy(
            "warehouse_backup", "nightly", "batch-spot", "bulk", [*platform[:1], "tier:2", "backup"],
            schedule=IntervalSchedule(interval=timedelta(hours=6), anchor_date=now() + timedelta(seconds=40)),
            description="Dumps of the warehouse's databases, on cheap machines that may be taken away.",
        ),
        "tell-oncall/default": deploy("tell_oncall", "default", "k8s-prod", "default", ["team:data-platform"],
            description="Run by an automation, for each tier:1 failure.",
        ),
        # A deployment whose code was renamed under it, as happens after a careless merge.
        "ml-feature-refresh/canary": deploy("ml_feature_refresh", "canary", "k8s-prod", "default", [*ml, "canary"],
            description="The next version of the features.",
        ),
    }
    call("PATCH", f"/deployments/{ids['ml-feature-refresh/canary']}", {"entrypoint": "flows.py:ml_feature_refresh_v2"})

    def automation(name, description, trigger, action):
        call("POST", "/automations/", {
            "name": name, "description": description, "enabled": True, "trigger": trigger, "actions": [action],
        })

    automation(
        "Tell on-call about tier-1 failures", "Any tier:1 run that fails, crashes or times out.",
        {
            "type": "event", "posture": "Reactive", "threshold": 1, "within": 0,
            "expect": ["prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"],
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": {"prefect.resource.id": "prefect.tag.tier:1", "prefect.resource.role": "tag"},
            "for_each": ["prefect.resource.id"],
        },
        {
            "type": "run-deployment", "source": "selected", "deployment_id": ids["tell-oncall/default"],
            "parameters": {
                "subject": {"__prefect_kind": "jinja", "template": "{{ flow.name }} / {{ flow_run.name }}"},
                "state": {"__prefect_kind": "jinja", "template": "{{ flow_run.state.name }}"},
                "run_id": {"__prefect_kind": "jinja", "template": "{{ flow_run.id }}"},
            },
        },
    )
    automation(
        "Pause a deployment that failed twice", "Two failures of one deployment within ten minutes.",
        {
            "type": "event", "posture": "Reactive", "threshold": 2, "within": 600,
            "expect": ["prefect.flow-run.Failed"],
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": {"prefect.resource.id": "prefect.deployment.*", "prefect.resource.role": "deployment"},
            "for_each": ["related:deployment:prefect.resource.id"],
        },
        {"type": "pause-deployment", "source": "inferred"},
    )
    automation(
        "A work pool has lost its workers", "Not ready, and not ready again within ten seconds.",
        {
            "type": "event", "posture": "Proactive", "threshold": 1, "within": 10,
            "after": ["prefect.work-pool.not-ready"], "expect": ["prefect.work-pool.ready"],
            "match": {"prefect.resource.id": "prefect.work-pool.*"}, "for_each": ["prefect.resource.id"],
        },
        {"type": "do-nothing"},
    )
    return ids


# ---- the session ------------------------------------------------------------------------------


def run(deployment_id: str, **parameters) -> str:
    # Without a state, create_flow_run schedules for now.
    return call("POST", f"/deployments/{deployment_id}/create_flow_run", {"parameters": parameters})["id"]


def state_of(run_id: str) -> dict:
    return call("GET", f"/flow_runs/{run_id}")["state"]


def wait_for(what: str, done, seconds: float = 150) -> None:
    end = time.monotonic() + seconds
    while not done():
        if dead := [name for name, process in started.items() if process.poll() is not None]:
            raise RuntimeError(f"{what}: {dead} ended by itself; see the logs in {TMP}")
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.5)
    print(f"{now():%H:%M:%S} {what}", flush=True)


def ended(*run_ids: str):
    return lambda: all(state_of(r)["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} for r in run_ids)


def reaches(run_id: str, name: str):
    return lambda: state_of(run_id)["name"] == name


def worker(pool: str) -> None:
    start(f"worker-{pool}", "worker", "start", "--pool", pool, "--name", f"{pool}-worker-1", "--limit", "3")


def session(ids: dict) -> None:
    ingest, dbt, crm = ids["ingest-orders/hourly"], ids["dbt-nightly/prod"], ids["customer-360-sync/crm"]
    billing, ml, backup = ids["billing-export/bank"], ids["ml-feature-refresh/churn"], ids["warehouse-backup/nightly"]

    # A pool is paused before its worker starts: runs that fall due there wait, and turn late.
    call("PATCH", "/work_pools/batch-spot", {"is_paused": True})
    worker("k8s-prod")
    worker("batch-spot")
    waiting = [run(backup), run(backup, database="finance"), run(backup, database="raw", seconds=25)]

    # A good morning.
    calm = [run(ingest), run(ingest, shop="apac"), run(ingest, shop="amer"), run(dbt), run(crm), run(billing), run(ml)]
    wait_for("the calm runs ended", ended(*calm))
    # Such a stand-still lets a run time out that should not; then the recording is begun anew by hand.
    assert all(state_of(r)["type"] == "COMPLETED" for r in calm), "a calm run failed: run record.py again"

    # Then the trouble.
    approval = run(billing, approve=True)
    trouble = [
        run(ingest, shop="emea", flaky=True),           # a task that fails twice, then works
        run(dbt, models="v42"),                         # fails in the mart
        run(crm, seconds_per_segment=4),                # the flow times out
        run(ml, out_of_memory=True),                    # its process is killed
        run(ingest, shop="apac", rows=12),              # a subflow fails
        run(ids["ml-feature-refresh/canary"]),          # its code cannot be found
        run(billing, host="sftp-old.bank.example.com"),   # fails, tries again, fails
        run(billing, host="sftp-slow.bank.example.com"),  # a task times out
    ]
    wait_for("the export waits for approval", reaches(approval, "Paused"))
    # The run that the schedule made is late as well.
    due = min((r for r in read_all("flow_runs") if r["auto_scheduled"] and r["deployment_id"] == backup), key=lambda r: r["expected_start_time"])
    waiting.append(due["id"])
    wait_for("the backups are late", lambda: all(state_of(r)["name"] == "Late" for r in waiting))
    call("POST", f"/flow_runs/{approval}/resume")
    wait_for("the troubled runs ended", ended(approval, *trouble))
    wait_for("the nightly build failed again", ended(run(dbt, models="v42")))  # and is paused by the automation

    # The pool is resumed; one backup is cancelled while it runs.
    call("PATCH", "/work_pools/batch-spot", {"is_paused": False})
    wait_for("a backup runs", reaches(waiting[2], "Running"))
    call("POST", f"/flow_runs/{waiting[2]}/set_state", {"state": {"type": "CANCELLING"}})
    wait_for("the backups ended", ended(*waiting))

    # Its worker is taken away: the pool and its queues turn "not ready", and what is due there is late.
    stop("worker-batch-spot")
    stranded = [run(backup), run(backup, database="finance")]
    # Meanwhile somebody mends the models and resumes the nightly build.
    call("PATCH", f"/deployments/{dbt}", {"paused": False})
    more = [run(dbt), run(ingest, shop="apac"), run(ingest, shop="amer"), run(ml), run(crm)]
    wait_for("the later runs ended", ended(*more))
    queued = run(backup, database="raw")
    call("POST", f"/flow_runs/{queued}/set_state", {"state": {"type": "CANCELLED", "message": "Not needed: the pool has no worker"}})
    wait_for("the stranded backups are late", lambda: all(state_of(r)["name"] == "Late" for r in stranded))
    wait_for("the pool has lost its worker", lambda: call("GET", "/work_pools/batch-spot")["status"] == "NOT_READY")
    time.sleep(20)  # the automation on that waits ten seconds; then its event, and the server writes them in batches


# ---- reading back, scrubbing, checking --------------------------------------------------------


def read_catalogue() -> dict:
    kinds = ["flows", "deployments", "flow_runs", "task_runs", "work_pools", "work_queues", "block_documents",
             "automations", "variables", "artifacts"]
    catalogue = {kind: read_all(kind) for kind in kinds}
    catalogue["workers"] = [w for pool in POOLS for w in call("POST", f"/work_pools/{pool}/workers/filter", {})]
    return {"prefect_version": call("GET", "/admin/version"), "recorded": f"{now():%Y-%m-%d}", **catalogue}


class Scrubber:
    """Takes this machine's facts out of the text: its name, its folders, its port, its process ids."""

    def __init__(self) -> None:
        self.pids: dict[str, str] = {}
        host = re.escape(socket.gethostname())
        self.rules = [
            (re.compile(rf"\b{host}:(\d+)\b"), lambda m: "worker-host:" + self.pid(m[1])),
            (re.compile(rf"\b{host}\b"), lambda m: "worker-host"),
            (re.compile(r'(?<="infrastructure_pid":")(\d+)(?=")'), lambda m: self.pid(m[1])),
            (re.compile(r'(?<="prefect.infrastructure.identifier":")(\d+)(?=")'), lambda m: self.pid(m[1])),
            (re.compile(r"(?<=[Pp]rocess )(\d+)\b"), lambda m: self.pid(m[1])),
            (re.compile(re.escape(str(CODE))), lambda m: "/srv/flows"),
            (re.compile(re.escape(str(TMP))), lambda m: "/srv/prefect"),
            (re.compile(re.escape(sys.prefix)), lambda m: "/srv/venv"),
            (re.compile(re.escape(sys.base_prefix) + r"(?=/(lib|bin)/)"), lambda m: "/usr"),
            (re.compile(rf"127\.0\.0\.1:{PORT}\b"), lambda m: "127.0.0.1:4200"),
        ]

    def pid(self, real: str) -> str:
        """The same process keeps one number: 101, 102, ... by first mention."""
        return self.pids.setdefault(real, str(101 + len(self.pids)))

    def __call__(self, text: str) -> str:
        for pattern, replacement in self.rules:
            text = pattern.sub(replacement, text)
        return text


def check(catalogue: dict, events: list) -> None:
    """What a test may rely on; a recording without it is not written."""
    names = Counter(r["state"]["name"] for r in catalogue["flow_runs"])
    types = Counter(r["state"]["type"] for r in catalogue["flow_runs"])
    print("flow runs by state:", dict(names))
    for wanted in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED", "SCHEDULED"):
        assert types[wanted], f"no flow run is {wanted}"
    assert names["Late"] and names["TimedOut"] and names["Scheduled"], names

    known = {row["id"] for rows in catalogue.values() if isinstance(rows, list) for row in rows}
    unknown: Counter = Counter()
    for event in events:
        for resource in (event["resource"], *event["related"]):
            m = re.fullmatch(r"prefect\.([a-z-]+)\.([0-9a-f-]{36})", resource["prefect.resource.id"])
            if m and m[2] not in known:
                unknown[m[1]] += 1
    print("ids in events that the catalogue does not have, by kind:", dict(unknown))
    # Block types and schemas and artifact collections have no list here; an event may name an event.
    wanted = {"flow", "deployment", "flow-run", "task-run", "work-pool", "work-queue", "block-document", "automation"}
    assert not wanted & unknown.keys(), unknown


def main() -> None:
    CODE.mkdir()
    (TMP / "home").mkdir()
    shutil.copy(HERE / "flows.py", CODE)
    os.environ.clear()
    os.environ.update(ENV)  # before Prefect is imported: it reads its settings then
    os.chdir(TMP)
    sys.path.insert(0, str(CODE))
    began = now()
    frames: list = []
    try:
        start("server", "server", "start", "--host", "127.0.0.1", "--port", str(PORT))

        def healthy() -> bool:
            try:
                return call("GET", "/health")
            except Exception:
                return False

        wait_for("the server answers", healthy)
        ids = make_objects()
        print(f"{now():%H:%M:%S} objects made", flush=True)

        async def listen_through_session() -> None:
            listening = asyncio.create_task(record_socket(began, frames))
            await asyncio.to_thread(session, ids)
            listening.cancel()

        time.sleep(6)  # the server writes events in batches; the backfill reads what is written
        asyncio.run(listen_through_session())
        events = read_events(began - timedelta(minutes=1))
        catalogue = read_catalogue()
    finally:
        for name in reversed(list(started)):
            stop(name)

    events.sort(key=lambda e: (datetime.fromisoformat(e["occurred"]), e["id"]))
    check(catalogue, events)
    assert len(frames) == SOCKET_FRAMES, f"the event socket gave {len(frames)} frames"
    scrub = Scrubber()
    dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # noqa: E731
    # Events first, so that process ids are numbered in the order of time.
    (HERE / "events.jsonl").write_text("".join(scrub(dump(e)) + "\n" for e in events))
    (HERE / "socket.jsonl").write_text("".join(scrub(dump(f)) + "\n" for f in frames))
    (HERE / "catalogue.json").write_text(
        # One row a line, so that a diff of two recordings can be read.
        "{\n" + ",\n".join(
            f"{dump(kind)}: " + ("[\n" + ",\n".join(scrub(dump(r)) for r in rows) + "\n]" if isinstance(rows, list) else dump(rows))
            for kind, rows in catalogue.items()
        ) + "\n}\n"
    )
    for name, count in sorted(Counter(e["event"] for e in events).items()):
        print(f"{count:5} {name}")
    print(f"{len(events)} events, {len(frames)} frames")
    os.chdir(HERE)
    shutil.rmtree(TMP)  # kept when the recording did not come about: the logs are in it


if __name__ == "__main__":
    main()
