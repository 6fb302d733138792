"""The flows of a made-up data team, run by record.py on a real Prefect server.

Nothing here moves data. Every run takes a second or a few, and what becomes of it hangs on its
parameters alone, so that record.py decides which run fails and each recording has the same runs.
Every host, bucket, table and person is made up (example.com).
"""

import os
import signal
import time

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.assets import Asset, AssetProperties, materialize
from prefect.events import emit_event
from prefect.flow_runs import pause_flow_run
from prefect.runtime import flow_run as this_run

RAW_ORDERS = Asset(
    key="s3://acme-raw/shop/orders",
    properties=AssetProperties(name="Raw shop orders", owners=["team:data-platform"]),
)
RAW_PAYMENTS = Asset(key="postgres://payments-db/public/payments")
FCT_ORDERS = Asset(
    key="snowflake://acme/analytics/marts/fct_orders",
    properties=AssetProperties(
        name="fct_orders",
        description="One row per order line, net of refunds. Read by Finance's revenue board.",
        owners=["team:analytics-eng", "dana.okafor@example.com"],
        url="https://catalogue.example.com/tables/fct_orders",
    ),
)
REVENUE_DAILY = Asset(key="snowflake://acme/analytics/marts/revenue_daily")
FEATURES = Asset(key="s3://acme-features/churn/v3")


# ---- ingest-orders: a task that retries, a subflow, and an asset -----------------------------


@task(retries=2, retry_delay_seconds=1, tags=["api:shop"])
def extract_orders(shop: str, flaky: bool) -> int:
    time.sleep(0.3)
    if flaky and this_task_attempt() < 3:
        raise ConnectionResetError(f"https://{shop}.shop.example.com/v2/orders: connection reset by peer")
    return 1842


def this_task_attempt() -> int:
    from prefect.context import TaskRunContext

    return TaskRunContext.get().task_run.run_count


@task
def check_columns(table: str) -> str:
    time.sleep(0.2)
    return table


@task
def check_row_count(table: str, rows: int, at_least: int) -> str:
    if rows < at_least:
        raise ValueError(f"{table}: {rows} rows, expected at least {at_least}")
    return table


@flow(name="validate-batch")
def validate_batch(table: str, rows: int, at_least: int = 1000):
    check_row_count(check_columns(table), rows, at_least)


@materialize(RAW_ORDERS, by="airbyte")
def load_orders(shop: str, rows: int) -> int:
    time.sleep(0.2)
    RAW_ORDERS.add_metadata({"shop": shop, "rows": rows})
    return rows


@flow(name="ingest-orders", flow_run_name="ingest-orders-{shop}")
def ingest_orders(shop: str = "emea", flaky: bool = False, rows: int | None = None):
    found = extract_orders(shop, flaky)
    rows = found if rows is None else rows
    validate_batch(f"raw.orders_{shop}", rows)
    return load_orders(shop, rows)


# ---- dbt-nightly: assets with upstreams; fails in the mart that Finance reads -----------------


@task
def dbt_run_staging(select: str) -> int:
    time.sleep(0.4)
    return 14


@materialize(FCT_ORDERS, by="dbt", asset_deps=[RAW_ORDERS, RAW_PAYMENTS])
def build_fct_orders(staged: int, models: str) -> int:
    time.sleep(0.4)
    if models == "v42":  # the release whose new column the warehouse does not have yet
        raise RuntimeError(
            "dbt build exited with code 1\n"
            "  Database Error in model fct_orders (models/marts/fct_orders.sql)\n"
            "  000904 (42000): SQL compilation error: error line 31 at position 11\n"
            "  invalid identifier 'O.DISCOUNT_CODE'\n"
            "Done. PASS=14 WARN=0 ERROR=1 SKIP=6 TOTAL=21"
        )
    FCT_ORDERS.add_metadata({"rows": 48211, "duration_seconds": 0.4})
    return 48211


@materialize(REVENUE_DAILY, by="dbt", asset_deps=[FCT_ORDERS])
def build_revenue_daily(rows: int) -> int:
    time.sleep(0.2)
    return 731


@flow(name="dbt-nightly")
def dbt_nightly(target: str = "prod", select: str = "tag:nightly", models: str = "v41"):
    staged = dbt_run_staging(select)
    rows = build_fct_orders(staged, models)
    build_revenue_daily(rows)
    create_table_artifact(
        key="dbt-nightly-summary",
        table=[{"model": "fct_orders", "rows": rows}, {"model": "revenue_daily", "rows": 731}],
        description=f"Models built for `{target}`",
    )
    # A team's own event, as data-quality tools send beside Prefect's own.
    emit_event(
        event="acme.data-quality.checked",
        resource={
            "prefect.resource.id": "acme.table.analytics.marts.fct_orders",
            "prefect.resource.name": "fct_orders",
        },
        related=[
            {"prefect.resource.id": f"prefect.flow-run.{this_run.id}", "prefect.resource.role": "flow-run"}
        ],
        payload={"check": "not_null_order_id", "passed": True, "rows": rows},
    )


# ---- customer-360-sync: mapped tasks; times out when the CRM is slow --------------------------


@task(task_run_name="sync-{segment}")
def sync_segment(segment: str, seconds: float) -> str:
    time.sleep(seconds)
    return segment


@flow(name="customer-360-sync", timeout_seconds=6)
def customer_360_sync(seconds_per_segment: float = 0.3):
    for segment in ("smb", "mid-market", "enterprise"):
        sync_segment(segment, seconds_per_segment)


# ---- billing-export: the flow itself retries; waits for a person at month's end ---------------


@task
def collect_invoices(month: str) -> int:
    time.sleep(0.3)
    return 412


@task(timeout_seconds=2)
def upload_to_sftp(count: int, host: str) -> None:
    if host.startswith("sftp-old"):
        raise PermissionError(
            f"[Errno 13] SFTP upload to {host}:/inbox/invoices refused: host key changed (ssh-ed25519)"
        )
    if host.startswith("sftp-slow"):
        time.sleep(5)


@flow(name="billing-export", retries=1, retry_delay_seconds=3)
def billing_export(month: str = "2026-10", host: str = "sftp.bank.example.com", approve: bool = False):
    count = collect_invoices(month)
    if approve:
        get_run_logger().info("Waiting for Finance to approve %s invoices", count)
        pause_flow_run(timeout=120, poll_interval=2)
    upload_to_sftp(count, host)


# ---- ml-feature-refresh: subflows for each group; its process is killed as for want of memory -


@task
def read_events(group: str) -> int:
    time.sleep(0.2)
    return 90_000


@materialize(FEATURES, asset_deps=[FCT_ORDERS])
def write_features(rows: int) -> None:
    time.sleep(0.1)


@flow(name="feature-group", flow_run_name="features-{group}")
def feature_group(group: str, out_of_memory: bool):
    rows = read_events(group)
    if out_of_memory:
        # What the kernel's out-of-memory killer does to a process: no handler runs, nothing is said.
        os.kill(os.getpid(), signal.SIGKILL)
    write_features(rows)


@flow(name="ml-feature-refresh")
def ml_feature_refresh(model: str = "churn", out_of_memory: bool = False):
    feature_group("recency", False)
    feature_group("basket", out_of_memory)


# ---- warehouse-backup: on the pool that is paused for a while ---------------------------------


@task
def dump_database(database: str, seconds: float) -> str:
    time.sleep(seconds)
    return f"s3://acme-warehouse-backups/{database}.dump"


@flow(name="warehouse-backup")
def warehouse_backup(database: str = "analytics", seconds: float = 0.5):
    dump_database(database, seconds)


# ---- tell-oncall: what the automation runs ----------------------------------------------------


@flow(name="tell-oncall")
def tell_oncall(subject: str = "", state: str = "", run_id: str = ""):
    get_run_logger().info("%s is %s (%s)", subject, state, run_id)
