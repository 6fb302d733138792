"""Flows that a real Prefect server runs for the tests of following.prefect.ts, and their deployments.

    python flows.py    makes the work pools and deployments; prints the deployments' ids as JSON
"""

import json
import os
import signal
import time
from pathlib import Path

from prefect import flow, task
from prefect.assets import Asset, materialize

ORDERS = Asset(key="s3://mayday-test/orders")
REVENUE = Asset(key="s3://mayday-test/revenue")


@flow(name="succeed")
def succeed():
    pass


@flow(name="fail")
def fail():
    raise RuntimeError("the warehouse is on fire")


@flow(name="crash")
def crash():
    os.kill(os.getpid(), signal.SIGKILL)


@flow(name="child")
def child():
    pass


@flow(name="parent")
def parent():
    child()


@materialize(ORDERS)
def load_orders():
    pass


@materialize(REVENUE, asset_deps=[ORDERS])
def build_revenue():
    pass


@flow(name="assets")
def assets():
    load_orders()
    build_revenue()


@task
def wait(seconds: float):
    time.sleep(seconds)


@flow(name="slow")
def slow(seconds: float = 12):
    wait(seconds)


def call(method: str, path: str, body=None):
    import httpx

    answer = httpx.request(method, os.environ["PREFECT_API_URL"] + path, json=body, timeout=60)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def main() -> None:
    for pool in ("busy", "halted"):
        call("POST", "/work_pools/", {"name": pool, "type": "process", "base_job_template": {}})
    call("PATCH", "/work_pools/halted", {"is_paused": True})

    def deploy(flow_name: str, pool: str, name: str = "test", **more) -> str:
        flow_id = call("POST", "/flows/", {"name": flow_name})["id"]
        return call("POST", "/deployments/", {
            "name": name, "flow_id": flow_id, "work_pool_name": pool, "tags": ["team:test"],
            "entrypoint": f"flows.py:{flow_name}", "path": str(Path(__file__).parent),
            "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": str(Path(__file__).parent)}}],
            **more,
        })["id"]

    ids = {name: deploy(name, "busy") for name in ("succeed", "fail", "crash", "parent", "assets", "slow")}
    hourly = [{"schedule": {"interval": 3600}, "active": True}]
    ids["late"] = deploy("succeed", "halted", name="late")
    ids["hourly"] = deploy("succeed", "halted", name="hourly", schedules=hourly)
    call("POST", "/automations/", {
        "name": "Revenue after assets", "enabled": True, "actions": [{"type": "run-deployment", "source": "selected", "deployment_id": ids["succeed"]}],
        "trigger": {
            "type": "event", "posture": "Reactive", "threshold": 1, "within": 0, "expect": ["prefect.flow-run.Completed"],
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": {"prefect.resource.id": f"prefect.deployment.{ids['assets']}", "prefect.resource.role": "deployment"},
        },
    })
    print(json.dumps(ids))


if __name__ == "__main__":
    main()
