/** A filter to start from, by its sender. */
export interface ReadyMade {
  sender: string;
  label: string;
  filter: string;
}

/** Each is tried on a real event in docs/guides/agents/filters.md and in a test. */
export const READY_MADE: readonly ReadyMade[] = [
  {
    sender: 'GitHub',
    label: 'New issues',
    filter: 'headers["x-github-event"] == "issues" && payload.action == "opened"',
  },
  {
    sender: 'GitHub',
    label: 'Pull requests that are ready for review',
    filter:
      'headers["x-github-event"] == "pull_request"\n' +
      '  && payload.action in ["opened", "reopened", "ready_for_review"]\n' +
      '  && !payload.pull_request.draft',
  },
  {
    sender: 'GitHub',
    label: 'Comments by people',
    filter:
      'headers["x-github-event"] == "issue_comment"\n' +
      '  && payload.action == "created" && payload.sender.type != "Bot"',
  },
  {
    sender: 'GitHub',
    label: 'Pushes to the default branch',
    filter:
      'headers["x-github-event"] == "push"\n' +
      '  && payload.ref == "refs/heads/" + payload.repository.default_branch',
  },
  {
    sender: 'Stripe',
    label: 'Failed payments',
    filter: 'payload.type in ["invoice.payment_failed", "payment_intent.payment_failed"]',
  },
  {
    sender: 'Stripe',
    label: 'Payments of 100 or more, in live mode',
    filter:
      'payload.livemode && payload.type == "payment_intent.succeeded"\n' +
      '  && payload.data.object.amount >= 10000',
  },
  {
    sender: 'Slack',
    label: 'Messages and mentions by people',
    filter:
      'payload.type == "event_callback"\n' +
      '  && payload.event.type in ["message", "app_mention"]\n' +
      '  && !has(payload.event.bot_id) && !has(payload.event.subtype)',
  },
  {
    sender: 'Linear',
    label: 'New issues',
    filter: 'payload.type == "Issue" && payload.action == "create"',
  },
  {
    sender: 'Linear',
    label: 'Issues that became urgent',
    filter:
      'payload.type == "Issue" && payload.data.priority == 1\n' +
      '  && (payload.action == "create" || has(payload.updatedFrom.priority))',
  },
];
