import { setPriority } from 'node:os';
import { parseJson } from '@agenthook/json';
import type { CelCall, CelEvent } from './cel/compile.js';
import { readDescription } from './description/read-description.js';
import { createFrameReader, encodeFrame } from './frames.js';
import { LIMITS } from './limits.js';
import { ownTimeOf } from './own-time.js';
import { createTimeLimit } from './time-limit.js';
import { createWorkbench, type Message, type Work } from './work.js';

/**
 * When the current work has used up its own time. Only a hint: the parent ends work that does not check it.
 */
let over = Number.POSITIVE_INFINITY;
const bench = createWorkbench(() => ownTime() > over);
const limited = createTimeLimit();

/** CPU time or, if the system does not report it, wall time, with a margin. */
const ownTime = () => ownTimeOf(process.pid) ?? performance.now() / LIMITS.clockPerOwn;

type Answer = [head: object, ...texts: string[]];

/**
 * A template's variables, from JSON. `NAME_json` holds NAME as JSON, as a stored task does for numbers that a
 * double cannot hold.
 */
function variablesOf(json: string): Record<string, unknown> {
  const variables = parseJson(json) as Record<string, unknown>;
  for (const [name, value] of Object.entries(variables)) {
    if (name.endsWith(NESTED) && typeof value === 'string')
      variables[name.slice(0, -NESTED.length)] = parseJson(value);
  }
  return variables;
}
const NESTED = '_json';

/** The answer without the rendered text, which travels separately. */
function answer(work: Work, steered: Buffer, more: readonly Buffer[]): Answer {
  switch (work.kind) {
    case 'template': {
      const rendered = bench.render(work.source, variablesOf(`${steered}`), work.how);
      return rendered.outcome === 'rendered' ? [{ outcome: 'rendered' }, rendered.text] : [rendered];
    }
    case 'prompt': {
      const source = { ...work.source, payload: parseJson(`${steered}`) };
      const rendered = bench.prompt(source, new Date(work.nowMs));
      if (rendered.outcome !== 'rendered') return [rendered];
      const { system, user, attach } = rendered.prompt;
      const urls = attach ? [JSON.stringify(attach)] : [];
      return [{ outcome: 'rendered' }, system, user, ...urls];
    }
    case 'check': {
      const checked = bench.checkText(work.schema, `${steered}`);
      // The caller has its own text.
      return checked.outcome === 'fits' ? [{ outcome: 'fits' }] : [checked];
    }
    case 'schema':
      return [bench.schema(work.schema)];
    case 'cel':
      return [bench.cel(work.source, work.subject)];
    case 'condition':
      return [bench.condition(work.source, parseJson(`${steered}`) as CelCall)];
    case 'screen':
      return [bench.screen(work.screen, parseJson(`${steered}`) as CelEvent)];
    case 'mask': {
      const json = bench.maskJson(work.masks, `${steered}`);
      return json === undefined ? [{ outcome: 'not_json' }] : [{ outcome: 'masked' }, json];
    }
    case 'masks':
      return [bench.checkMasks(work.masks)];
    case 'description': {
      const { outcome, ...read } = readDescription(work.reading, [steered, ...more].map(String));
      return [{ outcome }, JSON.stringify(read)];
    }
    case 'payload': {
      const began = ownTime();
      const [head, json] = bench.payload(steered, work);
      const told = { ...head, spentMs: ownTime() - began };
      return json === undefined ? [told] : [told, json];
    }
  }
}

/** Stack overflow counts as memory too: a schema may refer to itself at the same place (`{"$ref": "#"}`). */
function inRoom(work: Work, steered: Buffer, more: readonly Buffer[]): Answer {
  try {
    return answer(work, steered, more);
  } catch (error) {
    if (error instanceof RangeError) return [{ outcome: 'too_large' }];
    throw error;
  }
}

function reply(parts: readonly string[]): void {
  process.stdout.cork();
  for (const bytes of encodeFrame(parts)) process.stdout.write(bytes);
  process.stdout.uncork();
}

/** Lets the event loops of the same machine go first. Own time is what counts here. */
function standBack(nice: number): void {
  try {
    setPriority(nice);
  } catch {
    // If that is not allowed, this process competes.
  }
}

const read = createFrameReader(([head, steered, ...more]) => {
  const { work, sliceMs, limitMs } = parseJson(`${head}`) as Message;
  over = ownTime() + limitMs;
  // The parent ends this process when the work's own time is over. The wall time limit covers a parent that
  // is gone.
  const done = limited(sliceMs ?? LIMITS.clockMs, () => inRoom(work, steered ?? Buffer.alloc(0), more));
  const [first, ...texts] = done?.result ?? [{ outcome: 'slice_over' }];
  reply([JSON.stringify(first), ...texts]);
});

process.stdin.on('data', read);
process.stdin.on('end', () => process.exit(0));
reply(['ready']);
// Only now, because someone is waiting for the start.
standBack(Number(process.argv[2]));
