// What people write while something is broken, with names as an orchestrator gives them.
import type { Chance } from './random.ts'

export const people = [
  'Ada Marsh',
  'Bram de Wit',
  'Chidi Okafor',
  'Dana Whitfield',
  'Elif Kaya',
  'Farid Haddad',
  'Grace Lindqvist',
  'Hiro Tanaka',
  'Ines Carvalho',
  'Jonas Brandt',
  'Keira Walsh',
  'Luca Moretti',
  'Mina Park',
  'Noor Rahman',
  'Oskar Nowak',
  'Priya Raman',
  'Quinn Abbott',
  'Rosa Jimenez',
  'Sami Lehtonen',
  'Tess van Dijk',
  'Umar Siddiqui',
  'Vera Novak',
  'Wen Zhao',
  'Yara Haddad'
]

export const flows = [
  'ingest-orders',
  'dbt-nightly',
  'customer-360-sync',
  'billing-export',
  'ml-feature-refresh',
  'fx-rates-hourly',
  'inventory-snapshot',
  'ledger-reconcile',
  'churn-scores',
  'clickstream-compact',
  'partner-feed-import',
  'warehouse-vacuum'
]

export const pools = ['k8s-prod', 'k8s-batch', 'ecs-default', 'gpu-small', 'local-finance']
export const tags = ['data-platform', 'finance', 'customer-facing', 'vendor', 'capacity', 'schema-change', 'network', 'credentials', 'late-data', 'gdpr']

const adjectives = ['noble', 'quiet', 'amber', 'eager', 'fancy', 'gentle', 'hasty', 'jolly', 'lucky', 'merry', 'rapid', 'witty']
const animals = ['lemming', 'otter', 'heron', 'lynx', 'marten', 'newt', 'ibex', 'quail', 'raven', 'stoat', 'tapir', 'wombat']

export function runName(chance: Chance): string {
  return `${chance.of(adjectives)}-${chance.of(animals)}`
}

export function title(chance: Chance): string {
  const flow = chance.of(flows)
  const pool = chance.of(pools)
  return chance.of([
    `${flow} fails since the deployment of this morning`,
    `Work pool ${pool} starts no runs`,
    `${flow} is late, the reports of finance are empty`,
    `Runs of ${flow} crash with out of memory on ${pool}`,
    `Credentials of ${flow} are refused by the warehouse`,
    `Duplicate rows after a retry of ${flow}`
  ])
}

export function summary(chance: Chance): string {
  return chance.of([
    `The last ${chance.between(2, 40)} runs ended in **Failed**. Downstream tables are stale; nobody outside has noticed yet.`,
    `Started right after the upgrade of the workers in ${chance.of(pools)}. Rolling back is possible, but takes an hour.`,
    `Seen by the freshness check of ${chance.of(flows)}. About ${chance.between(3, 90)} % of the rows are missing.`
  ])
}

export function commentBody(chance: Chance): string {
  const flow = chance.of(flows)
  const pool = chance.of(pools)
  const run = runName(chance)
  return chance.of([
    `Run \`${run}\` failed again with the same message. I look at the logs of the worker on ${pool} now.`,
    `Restarted ${chance.between(2, 30)} workers of ${pool}. The queue drains, slowly.`,
    `It is the new schema: \`${flow}\` expects a column that is no longer there. A fix is in review.`,
    `Paused the schedule of \`${flow}\`, so that nothing more piles up while we look.`,
    `Support has ${chance.between(2, 60)} tickets about it. I wrote to them that we are on it.`,
    `The last three runs of \`${flow}\` are green. I keep watching for half an hour before we call it done.`,
    `Can somebody with access to the warehouse kill the locks? Process ${chance.between(1000, 9999)} has held one since ${chance.between(1, 23)}:00.`,
    `Confirmed by the vendor: they had an outage between ${chance.between(0, 11)}:00 and ${chance.between(12, 23)}:00.`,
    `Backfilled from \`${run}\` on. ${chance.between(1000, 90_000)} rows, spot checks look right.`
  ])
}

export function resolution(chance: Chance): string {
  return chance.of([
    `Rolled back the image of ${chance.of(pools)}.`,
    `Fixed the model of ${chance.of(flows)} and ran it again.`,
    'The vendor repaired it on their side.'
  ])
}
