// Incidents of the platform below the flows, and those that a person or an alert declares by hand.
import type { Plot } from './plot.ts'

export const platformPlots: Plot[] = [
  {
    name: 'pool',
    opening: { by: 'watch', resource: ['WORK_POOL', 'batch-spot'], tags: ['capacity'] },
    steps: [
      { by: 'alerts', after: 4, does: 'duplicate', title: 'Nightly warehouse backups have not started', severity: 'HIGH', tags: ['backup'] },
      { by: 'mira', after: 2, does: 'acknowledge' },
      { by: 'mira', after: 1, does: 'merge', note: 'The backups wait for this pool.' },
      {
        by: 'mira',
        after: 2,
        does: 'link',
        resources: [
          ['DEPLOYMENT', 'warehouse-backup/nightly'],
          ['FLOW_RUN', 'heavy-pudu'],
          ['FLOW_RUN', 'nocturnal-stallion']
        ]
      },
      { by: 'mira', after: 1, does: 'change', lead: 'mira', title: 'Pool batch-spot has no workers: backups are late' },
      { by: 'mira', after: 6, does: 'say', text: 'The cloud took all spot machines back at 01:12 and offers no new ones in this zone.' },
      { by: 'jonas', after: 9, does: 'say', text: 'Last good backup is 26 hours old. Our promise is 48, so there is time, but not two nights of it.' },
      { by: 'mira', after: 5, does: 'go', status: 'IDENTIFIED', note: 'No capacity for this machine type in zone b.' },
      { by: 'mira', after: 14, does: 'say', text: 'Added zones a and c and a second machine type to the pool. First worker is up.' },
      { by: 'watch', after: 3, does: 'report', resource: ['WORK_POOL', 'batch-spot'], state: 'READY' },
      { by: 'mira', after: 2, does: 'go', status: 'MONITORING', note: 'Workers are back; two late runs have started.' },
      {
        by: 'mira',
        after: 40,
        does: 'resolve',
        resolution: 'The pool takes machines of two types from three zones; all late backups have completed.',
        rootCause: 'One zone and one machine type: when the cloud had none left, neither had we.'
      },
      { by: 'mira', after: 60, does: 'close' }
    ]
  },
  {
    name: 'dashboard',
    opening: {
      by: 'alerts',
      title: 'Revenue dashboard shows the numbers of yesterday',
      summary: '`marts.revenue_daily` was last written **27 hours** ago; it should be at most 25.',
      severity: 'MODERATE',
      tags: ['freshness']
    },
    steps: [
      { by: 'jonas', after: 5, does: 'acknowledge' },
      { by: 'jonas', after: 2, does: 'change', lead: 'jonas' },
      { by: 'jonas', after: 3, does: 'link', resources: [['DEPLOYMENT', 'dbt-nightly/prod']] },
      { by: 'jonas', after: 6, does: 'say', text: 'The build is green and the table is fresh. It is the dashboard that caches.' },
      { by: 'jonas', after: 1, does: 'unlink', resources: [['DEPLOYMENT', 'dbt-nightly/prod']] },
      { by: 'priya', after: 4, does: 'go', status: 'IDENTIFIED', note: 'Cache of the dashboards is not cleared since the upgrade.' },
      { by: 'jonas', after: 1, does: 'change', severity: 'LOW', lead: 'priya' },
      {
        by: 'priya',
        after: 12,
        does: 'resolve',
        resolution: 'Cleared the cache, and set it to follow the build.',
        rootCause: 'The upgrade reset the cache settings.'
      },
      { by: 'daniel', after: 16, does: 'reopen', note: 'Still the old numbers on the finance page.' },
      { by: 'priya', after: 5, does: 'say', text: 'The finance page has a cache of its own. Cleared; the setting is in the template now.' },
      { by: 'priya', after: 6, does: 'resolve', resolution: 'Both caches follow the build.', rootCause: 'The upgrade reset the cache settings.' },
      { by: 'priya', after: 45, does: 'close' }
    ]
  },
  {
    name: 'queue',
    opening: { by: 'mira', resource: ['WORK_QUEUE', 'k8s-prod/critical'], tags: ['capacity', 'tier-1'], severity: 'MODERATE' },
    steps: [
      { by: 'mira', after: 1, does: 'acknowledge', note: 'Declared it myself: runs wait four minutes in the queue for the critical ones.' },
      { by: 'mira', after: 1, does: 'change', lead: 'mira', title: 'Critical runs wait: the queue k8s-prod/critical does not drain' },
      { by: 'aiko', after: 4, does: 'say', text: 'That may be my backfill: 400 runs since noon. I have paused it.' },
      { by: 'mira', after: 5, does: 'go', status: 'IDENTIFIED', note: 'A backfill took the places of the critical runs.' },
      { by: 'mira', after: 8, does: 'go', status: 'MONITORING', note: 'Waiting time is below ten seconds.' },
      {
        by: 'mira',
        after: 15,
        does: 'resolve',
        resolution: 'Backfills go to the queue `default`, with a limit of 20 at once.',
        rootCause: 'Nothing kept a backfill out of the queue for critical runs.'
      },
      { by: 'mira', after: 30, does: 'close' }
    ]
  },
  {
    name: 'cost',
    opening: {
      by: 'priya',
      title: 'Warehouse costs of today are three times the usual',
      summary: 'Credits: **412** until 11:00, on a usual day about 130.',
      severity: 'LOW',
      tags: ['cost', 'warehouse']
    },
    steps: [
      { by: 'jonas', after: 20, does: 'acknowledge' },
      { by: 'jonas', after: 4, does: 'link', resources: [['BLOCK', 'warehouse-prod']] },
      {
        by: 'jonas',
        after: 9,
        does: 'say',
        text: 'One query joins every event with every customer. It is the new exploration notebook, started twelve times.'
      },
      { by: 'jonas', after: 2, does: 'change', lead: 'jonas', severity: 'MINOR' },
      { by: 'jonas', after: 11, does: 'go', status: 'MONITORING', note: 'Stopped the query; notebooks have a limit of 10 minutes now.' },
      { by: 'jonas', after: 50, does: 'resolve', resolution: 'A time limit for notebooks.', rootCause: 'A join without a condition, and no limit to stop it.' },
      { by: 'jonas', after: 30, does: 'close' }
    ]
  }
]
