-- CreateEnum
CREATE TYPE "role" AS ENUM ('VIEWER', 'RESPONDER', 'ADMIN');

-- CreateEnum
CREATE TYPE "actor_kind" AS ENUM ('MEMBER', 'API_KEY');

-- CreateEnum
CREATE TYPE "severity" AS ENUM ('CRITICAL', 'HIGH', 'MODERATE', 'LOW', 'MINOR');

-- CreateEnum
CREATE TYPE "incident_status" AS ENUM ('TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING', 'RESOLVED', 'CLOSED', 'MERGED', 'CANCELED');

-- CreateEnum
CREATE TYPE "resource_kind" AS ENUM ('FLOW', 'FLOW_RUN', 'TASK_RUN', 'DEPLOYMENT', 'WORK_POOL', 'WORK_QUEUE', 'BLOCK', 'ASSET', 'AUTOMATION', 'CUSTOM');

-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL DEFAULT 0,
    "head_hash" BYTEA NOT NULL,
    "incident_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "actor" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" "actor_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID,
    "disabled_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "subject" TEXT,
    "email" TEXT,
    "prefix" TEXT,
    "secret_hash" BYTEA,
    "expires_at" TIMESTAMPTZ(3),
    "previous_hash" BYTEA,
    "previous_expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "actor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "incident" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL DEFAULT '',
    "severity" "severity" NOT NULL,
    "status" "incident_status" NOT NULL,
    "tags" TEXT[],
    "lead_id" UUID,
    "declared_by_id" UUID,
    "dedup_key" TEXT,
    "resolution" TEXT,
    "root_cause" TEXT,
    "merged_into_id" UUID,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "declared_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "mitigated_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resource" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "kind" "resource_kind" NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT,
    "state_message" TEXT,
    "url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resource_parent" (
    "child_id" UUID NOT NULL,
    "parent_id" UUID NOT NULL,

    CONSTRAINT "resource_parent_pkey" PRIMARY KEY ("child_id","parent_id")
);

-- CreateTable
CREATE TABLE "incident_resource" (
    "incident_id" UUID NOT NULL,
    "resource_id" UUID NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "incident_resource_pkey" PRIMARY KEY ("incident_id","resource_id")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "incident_id" UUID NOT NULL,
    "original_incident_id" UUID,
    "author_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "edited_at" TIMESTAMPTZ(3),
    "redacted_at" TIMESTAMPTZ(3),
    "redacted_by_id" UUID,

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment_revision" (
    "comment_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "comment_revision_pkey" PRIMARY KEY ("comment_id","version")
);

-- CreateTable
CREATE TABLE "change" (
    "workspace_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "incident_id" UUID,
    "subject_id" UUID,
    "data" JSONB NOT NULL,
    "text" JSONB,
    "salt" BYTEA,
    "text_digest" BYTEA,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "change_pkey" PRIMARY KEY ("workspace_id","sequence")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "workspace_id" UUID NOT NULL,
    "actor_id" UUID NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "subject_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("workspace_id","actor_id","operation","key")
);

-- CreateIndex
CREATE INDEX "actor_subject_idx" ON "actor"("subject");

-- CreateIndex
CREATE UNIQUE INDEX "actor_workspace_subject_key" ON "actor"("workspace_id", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "actor_secret_hash_key" ON "actor"("secret_hash");

-- CreateIndex
CREATE UNIQUE INDEX "actor_previous_hash_key" ON "actor"("previous_hash");

-- CreateIndex
CREATE INDEX "incident_declared_idx" ON "incident"("workspace_id", "declared_at", "id");

-- CreateIndex
CREATE INDEX "incident_started_idx" ON "incident"("workspace_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "incident_updated_idx" ON "incident"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "incident_severity_idx" ON "incident"("workspace_id", "severity", "id");

-- CreateIndex
CREATE INDEX "incident_lead_idx" ON "incident"("workspace_id", "lead_id");

-- CreateIndex
CREATE INDEX "incident_dedup_idx" ON "incident"("workspace_id", "dedup_key");

-- CreateIndex
CREATE INDEX "incident_merged_into_idx" ON "incident"("merged_into_id");

-- CreateIndex
CREATE INDEX "incident_tags_idx" ON "incident" USING GIN ("tags");

-- CreateIndex
CREATE UNIQUE INDEX "incident_workspace_number_key" ON "incident"("workspace_id", "number");

-- CreateIndex
CREATE INDEX "resource_kind_name_idx" ON "resource"("workspace_id", "kind", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "resource_workspace_external_key" ON "resource"("workspace_id", "external_id");

-- CreateIndex
CREATE INDEX "resource_parent_parent_idx" ON "resource_parent"("parent_id");

-- CreateIndex
CREATE INDEX "incident_resource_resource_idx" ON "incident_resource"("resource_id");

-- CreateIndex
CREATE INDEX "comment_incident_idx" ON "comment"("incident_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "change_incident_idx" ON "change"("workspace_id", "incident_id", "sequence");

-- CreateIndex
CREATE INDEX "change_subject_idx" ON "change"("workspace_id", "subject_id", "sequence");

-- CreateIndex
CREATE INDEX "change_at_idx" ON "change"("workspace_id", "at");

-- AddForeignKey
ALTER TABLE "actor" ADD CONSTRAINT "actor_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident" ADD CONSTRAINT "incident_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource" ADD CONSTRAINT "resource_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource_parent" ADD CONSTRAINT "resource_parent_child_id_fkey" FOREIGN KEY ("child_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource_parent" ADD CONSTRAINT "resource_parent_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_resource" ADD CONSTRAINT "incident_resource_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "incident_resource" ADD CONSTRAINT "incident_resource_resource_id_fkey" FOREIGN KEY ("resource_id") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_incident_id_fkey" FOREIGN KEY ("incident_id") REFERENCES "incident"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment_revision" ADD CONSTRAINT "comment_revision_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- Written by hand: what Prisma's schema cannot name. (No semicolon in a comment: the driver adapter splits the script there.)

-- The wall: active incidents only, whatever the history has grown to.
CREATE INDEX "incident_active_idx" ON "incident" ("workspace_id", "severity", "declared_at") WHERE "status" IN ('TRIAGE', 'INVESTIGATING', 'IDENTIFIED', 'MONITORING');

-- Full-text search, by the expressions of src/incident/filter.ts.
CREATE INDEX "incident_search_idx" ON "incident" USING gin (to_tsvector('english', "title" || ' ' || "summary"));
CREATE INDEX "comment_search_idx" ON "comment" USING gin (to_tsvector('english', "body"));
