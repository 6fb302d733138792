-- CreateEnum
CREATE TYPE "dependency_kind" AS ENUM ('BELONGS_TO', 'DEPENDS_ON', 'PRODUCED_BY', 'READS', 'DERIVED_FROM', 'TRIGGERED_BY', 'CALLS');

-- CreateEnum
CREATE TYPE "dependency_source" AS ENUM ('USER', 'CATALOG', 'EVENT');

-- CreateEnum
CREATE TYPE "confidence" AS ENUM ('CERTAIN', 'LIKELY', 'POSSIBLE');

-- CreateEnum
CREATE TYPE "link_role" AS ENUM ('AFFECTED', 'CONTEXT');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING', 'COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "connection_origin" AS ENUM ('ENVIRONMENT', 'API');

-- CreateEnum
CREATE TYPE "connection_state" AS ENUM ('CONNECTING', 'LIVE', 'DEGRADED', 'FAILING', 'STOPPED');

-- AlterTable
ALTER TABLE "incident" ADD COLUMN     "impact" JSONB;

-- AlterTable
ALTER TABLE "incident_resource" ADD COLUMN     "role" "link_role" NOT NULL DEFAULT 'AFFECTED';

-- AlterTable
ALTER TABLE "resource" ADD COLUMN     "connection_id" UUID,
ADD COLUMN     "gone_at" TIMESTAMPTZ(3),
ADD COLUMN     "owners" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "dependency" (
    "workspace_id" UUID NOT NULL,
    "downstream_id" UUID NOT NULL,
    "upstream_id" UUID NOT NULL,
    "kind" "dependency_kind" NOT NULL,
    "source" "dependency_source" NOT NULL,
    "confidence" "confidence" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dependency_pkey" PRIMARY KEY ("workspace_id","downstream_id","upstream_id","kind")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "resource_id" UUID NOT NULL,
    "connection_id" UUID,
    "parent_external_id" TEXT,
    "state" "run_state" NOT NULL,
    "state_name" TEXT NOT NULL,
    "state_message" TEXT,
    "state_at" TIMESTAMPTZ(3) NOT NULL,
    "expected_start_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "workspace_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "resource_external_id" TEXT NOT NULL,
    "connection_id" UUID,
    "resource" JSONB NOT NULL,
    "related" JSONB NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("workspace_id","id")
);

-- CreateTable
CREATE TABLE "prefect_server" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "api_url" TEXT NOT NULL,
    "origin" "connection_origin" NOT NULL,
    "sealed_key" BYTEA,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID,
    "disabled_at" TIMESTAMPTZ(3),
    "state" "connection_state" NOT NULL DEFAULT 'CONNECTING',
    "error" TEXT,
    "last_event_at" TIMESTAMPTZ(3),
    "last_sync_at" TIMESTAMPTZ(3),
    "lag_ms" INTEGER,
    "events_until" TIMESTAMPTZ(3),

    CONSTRAINT "prefect_server_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "dependency_downstream_idx" ON "dependency"("downstream_id");

-- CreateIndex
CREATE INDEX "dependency_upstream_idx" ON "dependency"("upstream_id");

-- CreateIndex
CREATE INDEX "run_resource_idx" ON "run"("resource_id", "state_at", "id");

-- CreateIndex
CREATE INDEX "run_state_idx" ON "run"("workspace_id", "state_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "run_workspace_external_key" ON "run"("workspace_id", "external_id");

-- CreateIndex
CREATE INDEX "event_resource_idx" ON "event"("workspace_id", "resource_external_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "event_occurred_idx" ON "event"("workspace_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "event_received_idx" ON "event"("received_at");

-- CreateIndex
CREATE INDEX "prefect_server_workspace_idx" ON "prefect_server"("workspace_id");

-- AddForeignKey
ALTER TABLE "dependency" ADD CONSTRAINT "dependency_downstream_id_fkey" FOREIGN KEY ("downstream_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dependency" ADD CONSTRAINT "dependency_upstream_id_fkey" FOREIGN KEY ("upstream_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prefect_server" ADD CONSTRAINT "prefect_server_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What belonged to what are dependencies now.
INSERT INTO "dependency" ("workspace_id", "downstream_id", "upstream_id", "kind", "source", "confidence", "created_at", "last_seen_at")
SELECT r."workspace_id", p."child_id", p."parent_id", 'BELONGS_TO', 'USER', 'CERTAIN', r."created_at", r."updated_at"
FROM "resource_parent" p JOIN "resource" r ON r."id" = p."child_id";
DROP TABLE "resource_parent";

-- The work that is still to come or under way on a resource, and in a workspace.
CREATE INDEX "run_open_idx" ON "run" ("resource_id", "expected_start_at") WHERE "state" IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING');
CREATE INDEX "run_open_workspace_idx" ON "run" ("workspace_id", "expected_start_at", "id") WHERE "state" IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING');
-- What is over, for deleting what is old.
CREATE INDEX "run_over_idx" ON "run" ("state_at") WHERE "state" IN ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED');
-- What failed or did not do its work on a resource, since some time.
CREATE INDEX "run_harmed_idx" ON "run" ("resource_id", "state_at") WHERE "state" IN ('FAILED', 'CRASHED') OR "state" = 'CANCELLED' OR "state_name" = 'Skipped';

-- An incident's timeline, without the figures of its impact, of which there may be one a second.
CREATE INDEX "change_timeline_idx" ON "change" ("workspace_id", "incident_id", "sequence") WHERE "kind" <> 'incident.impactChanged';
