import type { TaskState } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { stateAsPublic } from './public-result.js';

const SINCE = '2026-11-29T20:31:00.000Z';
const text = 'everything is paused by ada since 20:31:00 UTC, place 2';

const state: TaskState = {
  task_id: '5e1f6a70-93c4-8b1d-a2e4-0d9f8c7b6a51',
  status: 'PENDING',
  result: null,
  created_at: SINCE,
  started_at: null,
  finished_at: null,
  attempt: 0,
  max_attempts: 3,
  next_attempt_at: null,
  conversation_id: null,
  last_error: null,
  waiting_for: { kind: 'paused', scope: 'installation', since: SINCE, by: 'ada', place: 2, text },
};

test('a caller without an API key learns that all is paused, but not by whom', () => {
  expect(stateAsPublic(state, {}).waiting_for).toEqual({
    kind: 'paused',
    scope: 'installation',
    since: SINCE,
    place: 2,
    text: 'everything is paused since 20:31:00 UTC, place 2',
  });
  expect(stateAsPublic(state, { public_result: 'status' }).waiting_for).toEqual({ kind: 'paused' });
});
