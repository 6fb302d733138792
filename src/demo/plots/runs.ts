// Incidents that begin with a failed or crashed flow run of the recording.
import type { Plot } from './plot.ts'

export const runPlots: Plot[] = [
  {
    name: 'dbt',
    opening: { by: 'watch', resource: ['FLOW_RUN', 'noble-lemming'], tags: ['dbt', 'tier-1'], severity: 'HIGH' },
    steps: [
      { by: 'jonas', after: 4, does: 'acknowledge', note: 'On it.' },
      { by: 'jonas', after: 1, does: 'change', lead: 'jonas', title: 'dbt cannot build fct_orders: O.DISCOUNT_CODE is gone' },
      { by: 'jonas', after: 6, does: 'say', text: 'The column went away upstream: `raw.orders` has had no `discount_code` since the 02:00 load.' },
      { by: 'watch', after: 5, does: 'declare again', run: ['FLOW_RUN', 'didactic-bumblebee'] },
      { by: 'daniel', after: 3, does: 'say', text: 'Finance reads the marts at 07:00. Without `revenue_daily` there is no close today.' },
      { by: 'mira', after: 1, does: 'change', severity: 'CRITICAL', tags: ['dbt', 'month-end', 'tier-1'] },
      { by: 'mira', after: 4, does: 'link', resources: [['BLOCK', 'warehouse-prod']] },
      { by: 'jonas', after: 9, does: 'go', status: 'IDENTIFIED', note: 'The shop renamed the field to `promo_code` in release 4.12.' },
      { by: 'jonas', after: 12, does: 'say', text: 'Fix is in review: the staging model takes `promo_code` and falls back to `discount_code`.' },
      { by: 'jonas', after: 7, does: 'go', status: 'MONITORING', note: 'Deployed; a full refresh of fct_orders runs now.' },
      { by: 'daniel', after: 18, does: 'say', text: 'Numbers are in and match the ledger. Thank you!' },
      {
        by: 'jonas',
        after: 3,
        does: 'resolve',
        resolution: 'The staging model reads `promo_code`; fct_orders and revenue_daily were rebuilt.',
        rootCause: 'The shop renamed a field without telling us; nothing checks the contract of `raw.orders`.'
      },
      { by: 'mira', after: 55, does: 'close', note: 'Follow-up: a contract test on raw.orders.' }
    ]
  },
  {
    name: 'orders',
    opening: { by: 'watch', resource: ['FLOW_RUN', 'ingest-orders-apac'], tags: ['orders', 'tier-1'], severity: 'HIGH' },
    steps: [
      { by: 'mira', after: 3, does: 'acknowledge' },
      { by: 'mira', after: 1, does: 'change', lead: 'mira', title: 'Shop orders from APAC are missing: 12 rows instead of thousands' },
      { by: 'mira', after: 5, does: 'say', text: 'EMEA and AMER are complete. Only APAC answers with a single page.' },
      { by: 'priya', after: 4, does: 'say', text: 'Campaign dashboards for APAC are empty as well, so this is not only us.' },
      { by: 'mira', after: 3, does: 'link', resources: [['BLOCK', 'shop-api-token']] },
      { by: 'mira', after: 8, does: 'go', status: 'IDENTIFIED', note: 'The APAC shop hands out a token without the scope `orders:read_all`.' },
      { by: 'mira', after: 6, does: 'say', text: 'Asked the shop team to put the scope back. Backfill is ready: 6 hours, about 41,000 orders.' },
      { by: 'priya', after: 10, does: 'change', severity: 'MODERATE' },
      { by: 'mira', after: 5, does: 'go', status: 'MONITORING', note: 'New token in place; the 14:00 run brought 6,912 rows.' },
      { by: 'watch', after: 22, does: 'report', resource: ['DEPLOYMENT', 'ingest-orders/hourly'], state: 'READY', message: 'Three runs in a row completed' },
      {
        by: 'mira',
        after: 4,
        does: 'resolve',
        resolution: 'Token with the right scope, and a backfill of the missing hours.',
        rootCause: 'The shop rotated its API tokens and left out a scope.'
      },
      { by: 'mira', after: 70, does: 'close' }
    ]
  },
  {
    name: 'bank',
    opening: { by: 'watch', resource: ['FLOW_RUN', 'jade-aardvark'], tags: ['billing', 'pii'], severity: 'HIGH' },
    steps: [
      { by: 'daniel', after: 2, does: 'acknowledge', note: 'Nothing is sent to a host whose key we do not know.' },
      { by: 'daniel', after: 1, does: 'change', lead: 'daniel', title: 'Invoices do not reach the bank: its SFTP host key changed' },
      { by: 'mira', after: 4, does: 'change', severity: 'CRITICAL' },
      { by: 'mira', after: 2, does: 'say', text: 'Treating this as hostile until the bank confirms. All exports to `sftp-old.bank.example.com` are stopped.' },
      { by: 'daniel', after: 15, does: 'say', text: 'Called the bank: planned move to a new host, the mail about it went to a person who left in spring.' },
      {
        by: 'daniel',
        after: 1,
        does: 'correct',
        text: 'Called the bank: planned move to a new host; their notice went to a mailbox that nobody reads any more.'
      },
      { by: 'mira', after: 3, does: 'change', severity: 'MODERATE' },
      { by: 'daniel', after: 8, does: 'go', status: 'IDENTIFIED', note: 'New fingerprint checked by phone against their letterhead.' },
      { by: 'daniel', after: 11, does: 'go', status: 'MONITORING', note: 'Export runs against sftp.bank.example.com.' },
      {
        by: 'daniel',
        after: 20,
        does: 'resolve',
        resolution: 'Host and key replaced in the deployment; 1,284 invoices sent, the bank has confirmed them.',
        rootCause: 'The contact address that the bank has for us was out of date.'
      },
      { by: 'daniel', after: 40, does: 'close', note: 'Contact address is a shared mailbox now.' }
    ]
  },
  {
    name: 'churn',
    opening: { by: 'watch', resource: ['FLOW_RUN', 'dangerous-pillbug'], tags: ['features', 'memory'] },
    steps: [
      { by: 'aiko', after: 6, does: 'acknowledge' },
      { by: 'aiko', after: 1, does: 'change', lead: 'aiko', title: 'Churn features crash: the process is killed for want of memory' },
      { by: 'aiko', after: 7, does: 'say', text: 'Peak was 15.8 GB of 16. The basket window grew from 90 to 365 days on Tuesday.' },
      { by: 'priya', after: 5, does: 'say', text: 'The model still scores with features of yesterday; good enough for two days.' },
      { by: 'aiko', after: 2, does: 'change', severity: 'LOW' },
      { by: 'aiko', after: 9, does: 'go', status: 'IDENTIFIED', note: 'The window is loaded at once instead of by month.' },
      { by: 'aiko', after: 25, does: 'go', status: 'MONITORING', note: 'Reads by month; peak is 4.1 GB.' },
      {
        by: 'aiko',
        after: 30,
        does: 'resolve',
        resolution: 'feature-group reads the window month by month.',
        rootCause: 'A window four times as long was merged without a run on production-sized data.'
      },
      { by: 'aiko', after: 30, does: 'close' }
    ]
  },
  {
    name: 'crm',
    opening: { by: 'watch', resource: ['FLOW_RUN', 'ludicrous-alpaca'], tags: ['crm'], severity: 'MODERATE' },
    steps: [
      { by: 'priya', after: 8, does: 'acknowledge' },
      { by: 'priya', after: 1, does: 'change', lead: 'priya', title: 'Segments reach the CRM late: the sync runs into its time limit' },
      { by: 'priya', after: 10, does: 'say', text: "Their API takes 900 ms a call today, usually 80. Their status page says 'investigating'." },
      { by: 'priya', after: 12, does: 'go', status: 'MONITORING', note: 'Limit raised; the sync gets through, slowly.' },
      {
        by: 'priya',
        after: 35,
        does: 'resolve',
        resolution: 'The CRM is fast again; the limit is back where it was.',
        rootCause: 'A slow database at the CRM vendor, by their own report.'
      },
      { by: 'priya', after: 25, does: 'close' }
    ]
  },
  {
    name: 'canary',
    opening: { by: 'watch', resource: ['FLOW_RUN', 'origami-swan'], tags: ['canary'], severity: 'LOW' },
    steps: [
      { by: 'aiko', after: 5, does: 'say', text: 'That is my canary with an entrypoint that does not exist yet. No need to look.' },
      { by: 'aiko', after: 1, does: 'cancel', note: 'False alarm: an experiment, nothing depends on it.' }
    ]
  }
]
