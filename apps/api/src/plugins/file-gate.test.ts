import { EventEmitter } from 'node:events';
import type { Context } from '@agenthook/core';
import { beforeEach, expect, test } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createFileGate } from './file-gate.js';

const LARGE = { 'content-length': String(5 * 1024 * 1024) };

let admit: ReturnType<typeof createFileGate>;
beforeEach(() => {
  // The agent's id is the end of the token's hash here, so that equal tokens are one agent.
  const lookUp = async ({ hash }: { hash: string }) => ({ agentId: hash });
  admit = createFileGate({ lookUp, now: () => 0 } as unknown as Context);
});

/** A request with a file to an agent, and what the gate made of it. */
async function upload(agent: string, raw = Object.assign(new EventEmitter(), { destroyed: false })) {
  const token = `whk_${agent.padEnd(43, '0')}`;
  const request = { headers: LARGE, sentType: 'image/png', params: { token } } as unknown as FastifyRequest;
  const outcome = await new Promise<string>((resolve) =>
    admit(request, { raw } as unknown as FastifyReply, (error) =>
      resolve((error as { code?: string } | undefined)?.code ?? 'admitted'),
    ),
  );
  return { outcome, request, end: () => raw.emit('close') };
}

test('three bodies with files of one agent are held at once, and six in all', async () => {
  const mine = [await upload('a'), await upload('a'), await upload('a')];
  expect(mine.map(({ outcome }) => outcome)).toEqual(['admitted', 'admitted', 'admitted']);
  expect((await upload('a')).outcome).toBe('busy');
  for (let n = 0; n < 3; n++) expect((await upload('b')).outcome).toBe('admitted');
  expect((await upload('c')).outcome).toBe('busy');
  mine[0]?.end();
  expect((await upload('c')).outcome).toBe('admitted');
});

test('a place is free once the event is stored, and only once', async () => {
  const mine = [await upload('a'), await upload('a'), await upload('a')];
  mine[0]?.request.releaseFiles?.();
  mine[0]?.end();
  expect((await upload('a')).outcome).toBe('admitted');
  expect((await upload('a')).outcome).toBe('busy');
});

test('a sender that hangs up before its token is known takes no place', async () => {
  for (let n = 0; n < 10; n++) await upload('a', Object.assign(new EventEmitter(), { destroyed: true }));
  expect((await upload('a')).outcome).toBe('admitted');
});
