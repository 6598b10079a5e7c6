import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort, type Stack, startOtlpReceiver, startStack, until } from '../index.js';

/** Triggers an agent and returns its answer. */
async function fire(stack: Stack): Promise<string> {
  const { id } = await stack.createAgent({ name: 'Traced' });
  const { token } = await stack.mintWebhook(id);
  const { body } = await stack.trigger(token, { sandbox: { reply: 'Done.' } });
  return (await stack.poll(body.task_id)).result.answer;
}

test('spans that wait for their batch are sent when the processes end', async () => {
  const collector = await startOtlpReceiver();
  const stack = await startStack({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '60000' },
  });
  await fire(stack);
  expect(collector.spans()).toEqual([]);
  await stack.stop();
  await collector.close();
  expect(collector.spans().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /api/webhooks/agents/:token', 'process tasks']),
  );
});

/** A port where nothing listens, and one that accepts connections and never answers. */
async function awayCollector(how: 'refuses' | 'hangs') {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  if (how === 'hangs') await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

test.each(['refuses', 'hangs'] as const)('a collector that %s disturbs nothing', async (how) => {
  const collector = await awayCollector(how);
  const stack = await startStack({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      LOG_LEVEL: 'debug',
    },
  });
  expect(await fire(stack)).toBe('Done.');
  const told = (log: string) => log.split('\n').filter((line) => line.includes('telemetry was not sent'));
  const line = await until('the worker says so', () => told(stack.workers[0]?.log() ?? '')[0]);
  expect(JSON.parse(line)).toMatchObject({ level: 20, msg: 'telemetry was not sent' });
  expect(line).not.toContain('trace_id');

  // With waiting spans, which each process gives up after a second.
  await fire(stack);
  const started = performance.now();
  const exits = await Promise.all([...stack.apis, ...stack.workers].map((each) => each.stop()));
  expect(performance.now() - started).toBeLessThan(9_000);
  expect(exits).toEqual(Array(2).fill({ code: 0, signal: null }));
  await stack.stop();
  collector.close();
});

/** OpenTelemetry packages in a program's file and its imports; not in what it may load later. */
function loadedAtStart(file: URL, seen = new Set<string>()): string[] {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const code = readFileSync(file, 'utf8');
  const own = [...code.matchAll(/^\/\/ node_modules\/(@opentelemetry\/[^/]+)/gm)].map(([, name]) => name);
  // The program's own file imports the rest once the cache of compiled code is on.
  const imported = [
    ...code.matchAll(/^(?:import (?:.* from )?|var \w+ = await import\()"(\.\/[^"]+)"\)?;$/gm),
  ];
  const others = imported.flatMap(([, path]) => loadedAtStart(new URL(path ?? '', file), seen));
  return [...new Set([...own, ...others])] as string[];
}

test('without a collector, nothing of OpenTelemetry is loaded except what the AI SDK brings', () => {
  const bundle = (path: string) => new URL(`../../../../apps/${path}`, import.meta.url);
  expect(loadedAtStart(bundle('api/bundle/server.js'))).toEqual([]);
  expect(loadedAtStart(bundle('worker/bundle/main.js'))).toEqual(['@opentelemetry/api']);
});
