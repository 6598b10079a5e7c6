import { describe, expect, test } from '@jest/globals';
import {
  type Agent,
  conflictsWith,
  type Draft,
  isChanged,
  reduceDraft,
  startDraft,
  valuesOf,
} from './draft.js';

const agent = (changes: Partial<Agent> = {}): Agent =>
  ({
    id: 'agt_1',
    name: 'Triage',
    system_prompt: 'Sort.',
    input_template: '',
    tools: [],
    input_schema: null,
    version: 3,
    signature: null,
    ...changes,
  }) as unknown as Agent;
const set = (draft: Draft, changes: Partial<Agent>): Draft =>
  Object.entries(changes).reduce(
    (made, [field, value]) =>
      reduceDraft(made, { do: 'set', field, value } as Parameters<typeof reduceDraft>[1]),
    draft,
  );
const prompt = { system_prompt: 'Sort well.' };

describe('a draft', () => {
  test('holds what differs, and nothing once it is changed back', () => {
    const draft = set(startDraft(agent()), prompt);
    expect(draft.edits).toEqual(prompt);
    expect(valuesOf(draft)).toMatchObject({ name: 'Triage', ...prompt });
    expect(isChanged(set(draft, { system_prompt: 'Sort.' }))).toBe(false);
  });

  test('follows a version that changed other fields, as the webhook panel saves one', () => {
    const draft = set(startDraft(agent()), prompt);
    const latest = agent({
      version: 4,
      tools: [{ type: 'memory', name: 'notes' } as Agent['tools'][number]],
    });
    expect(reduceDraft(draft, { do: 'follow', latest })).toMatchObject({
      base: latest,
      edits: prompt,
      newer: undefined,
    });
  });

  test('keeps its base and its own text if a later version changed the same field', () => {
    const draft = set(startDraft(agent()), { ...prompt, name: 'Sorter' });
    const latest = agent({ version: 4, system_prompt: 'Sort fast.' });
    const followed = reduceDraft(draft, { do: 'follow', latest });
    expect(conflictsWith(draft, latest)).toEqual(['system_prompt']);
    expect(followed).toMatchObject({
      base: { version: 3 },
      newer: latest,
      edits: { ...prompt, name: 'Sorter' },
    });
    const rebased = reduceDraft(followed, { do: 'rebase', onto: latest });
    expect(rebased).toMatchObject({ base: latest, newer: undefined, edits: { ...prompt, name: 'Sorter' } });
  });

  test('does not go back to an older version that arrives late', () => {
    const draft = startDraft(agent({ version: 4, name: 'New' }));
    expect(reduceDraft(draft, { do: 'follow', latest: agent() })).toBe(draft);
  });

  test('keeps what was typed during the save', () => {
    const sent = set(startDraft(agent()), prompt);
    const typing = set(sent, { system_prompt: 'Sort well, and fast.' });
    const saved = agent({ ...prompt, version: 4 });
    expect(reduceDraft(sent, { do: 'saved', sent: sent.edits, agent: saved }).edits).toEqual({});
    const after = reduceDraft(typing, { do: 'saved', sent: sent.edits, agent: saved });
    expect(after).toMatchObject({ base: saved, edits: { system_prompt: 'Sort well, and fast.' } });
  });

  test('forgets an error when its place changes, and only there', () => {
    const issues = [
      { path: '/tools/0/url', message: 'is empty' },
      { path: '/tools/1/url', message: 'is empty' },
    ];
    const refused = reduceDraft(startDraft(agent()), { do: 'refuse', issues });
    const changed = reduceDraft(refused, { do: 'set', field: 'tools', value: [], at: '/tools/0' });
    expect(changed.issues).toEqual([issues[1]]);
  });

  test('counts a text that is not JSON as a change', () => {
    const broken = reduceDraft(startDraft(agent()), {
      do: 'leave_unreadable',
      at: '/input_schema',
      text: '{',
      message: 'is not JSON',
    });
    expect(isChanged(broken)).toBe(true);
    expect(isChanged(set(broken, { input_schema: null }))).toBe(false);
  });
});
