/** The payload of a no-op run: about 1 KB, as an issue tracker would send it. The sandbox answers at once. */
export const PAYLOAD = JSON.stringify({
  sandbox: { reply: 'done' },
  action: 'opened',
  issue: {
    number: 4711,
    title: 'The export stops after the first page',
    state: 'open',
    labels: ['bug', 'export', 'needs-triage'],
    user: { login: 'somebody', id: 90210, type: 'User' },
    created_at: '2026-01-31T12:00:00Z',
    comments: 0,
    body: 'Steps: open a report with more than one page, choose export, then PDF. '.repeat(9),
  },
  repository: { id: 1296269, full_name: 'example/reports', private: false, default_branch: 'main' },
});
