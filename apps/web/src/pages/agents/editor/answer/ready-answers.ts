import type { Agent } from '../draft/draft.js';

export type Response = NonNullable<Agent['response']>;

export interface ReadyAnswer {
  label: string;
  /** Whom it is for, and what the sender needs. */
  hint: string;
  response: Response;
}

const JSON_TYPE = 'application/json';
const HTML = 'text/html';

/**
 * Answers that well-known senders wait for. Their times leave a margin: Slack waits 3 s
 * (https://docs.slack.dev/interactivity/handling-user-interaction), Twilio 15 s
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
 */
export const READY_ANSWERS: Record<string, ReadyAnswer> = {
  empty: {
    label: 'Nothing (204)',
    hint: 'For senders that read only the status.',
    response: { status: 204, content_type: JSON_TYPE, body: '', wait_seconds: 0 },
  },
  text: {
    label: 'The answer as text',
    hint: 'For scripts and shortcuts that print what they get.',
    response: {
      status: 200,
      content_type: 'text/plain',
      body: '{% if status == "SUCCESS" %}{{ result.answer }}{% else %}{{ error.message }}{% endif %}\n',
      wait_seconds: 30,
    },
  },
  thanks: {
    label: 'A thank-you page',
    hint: 'For a form on a web page. The agent runs afterwards.',
    response: {
      status: 200,
      content_type: HTML,
      body: `<!doctype html>
<html lang="en">
  <title>Thank you</title>
  <h1>Thank you{% if payload.name %}, {{ payload.name | escape }}{% endif %}</h1>
  <p>We have your message and will answer soon.</p>
</html>
`,
      wait_seconds: 0,
    },
  },
  page: {
    label: 'A page with the answer',
    hint: 'For a form whose visitor waits for the answer.',
    response: {
      status: 200,
      content_type: HTML,
      body: `<!doctype html>
<html lang="en">
  <title>Your answer</title>
  {% if status == "SUCCESS" %}
  <p>{{ result.answer | escape | newline_to_br | raw }}</p>
  {% else %}
  <p>Something went wrong. Please try again later.</p>
  {% endif %}
</html>
`,
      wait_seconds: 30,
    },
  },
  slack: {
    label: 'Slack: the answer in the modal',
    hint: 'For view_submission. Slack waits 3 seconds; after that, the modal closes.',
    response: {
      status: 200,
      content_type: JSON_TYPE,
      body: `{
  "response_action": "update",
  "view": {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Answer"},
    "blocks": [
      {
        "type": "section",
        "text": {
          "type": "plain_text",
          "text": {{ result.answer | default: "That did not work." | truncate: 2900 | json }}
        }
      }
    ]
  }
}
`,
      wait_seconds: 2,
    },
  },
  twilio: {
    label: 'Twilio: the answer as a message',
    hint: 'TwiML. Twilio waits 15 seconds.',
    response: {
      status: 200,
      content_type: 'text/xml',
      body: `<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Message>{{ result.answer | default: "Sorry, please try again later." | truncate: 1500 | escape }}</Message>
</Response>
`,
      wait_seconds: 12,
    },
  },
};

/** A first answer of one's own. */
export const EMPTY_ANSWER: Response = { status: 200, content_type: 'text/plain', body: '', wait_seconds: 0 };
