import { setPriority } from 'node:os';
import { createFrameReader, encodeFrame } from './frames.js';
import { LIMITS } from './limits.js';
import { ownTimeOf } from './own-time.js';
import { createTimeLimit } from './time-limit.js';
import { createWorkbench, type Message, type Work } from './work.js';
import { yamlToJson } from './yaml.js';

/** When the work that is under way has used up its own time. Only said: it is the parent who ends what does not ask. */
let over = Number.POSITIVE_INFINITY;
const bench = createWorkbench(() => ownTime() > over);
const limited = createTimeLimit();

/** The time on a processor; where the system does not tell, that on the clock, as far as it may be trusted. */
const ownTime = () => ownTimeOf(process.pid) ?? performance.now() / LIMITS.clockPerOwn;

type Answer = [head: object, ...texts: string[]];

/** What is answered beside the text of a rendering, which travels as it is. */
function answer(work: Work, steered: Buffer): Answer {
  switch (work.kind) {
    case 'template': {
      const rendered = bench.render(work.source, JSON.parse(`${steered}`), work.fence);
      return rendered.outcome === 'rendered' ? [{ outcome: 'rendered' }, rendered.text] : [rendered];
    }
    case 'prompt': {
      const source = { ...work.source, payload: JSON.parse(`${steered}`) };
      const rendered = bench.prompt(source, new Date(work.nowMs));
      if (rendered.outcome !== 'rendered') return [rendered];
      return [{ outcome: 'rendered' }, rendered.prompt.system, rendered.prompt.user];
    }
    case 'check': {
      const checked = bench.checkText(work.schema, `${steered}`);
      // The caller reads its own text.
      return checked.outcome === 'fits' ? [{ outcome: 'fits' }] : [checked];
    }
    case 'schema':
      return [bench.schema(work.schema)];
    case 'yaml': {
      const read = yamlToJson(`${steered}`);
      return read.outcome === 'parsed' ? [{ outcome: 'parsed' }, read.json] : [read];
    }
    case 'payload': {
      const began = ownTime();
      const [head, json] = bench.payload(steered, work);
      const told = { ...head, spentMs: ownTime() - began };
      return json === undefined ? [told] : [told, json];
    }
  }
}

/** Stack that runs out is memory too: a schema may refer to itself at the same place (`{"$ref": "#"}`). */
function inRoom(work: Work, steered: Buffer): Answer {
  try {
    return answer(work, steered);
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

/** Lets the event loops of the same machine go first; what counts here is own time. */
function standBack(nice: number): void {
  try {
    setPriority(nice);
  } catch {
    // Not allowed everywhere; then this competes.
  }
}

const read = createFrameReader(([head, steered]) => {
  const { work, sliceMs, limitMs } = JSON.parse(`${head}`) as Message;
  over = ownTime() + limitMs;
  // The parent ends this process when the work's own time is over. The clock is for when the parent is gone.
  const done = limited(sliceMs ?? LIMITS.clockMs, () => inRoom(work, steered ?? Buffer.alloc(0)));
  const [first, ...texts] = done?.result ?? [{ outcome: 'slice_over' }];
  reply([JSON.stringify(first), ...texts]);
});

process.stdin.on('data', read);
process.stdin.on('end', () => process.exit(0));
reply(['ready']);
// Only now: starting is what someone waits for.
standBack(Number(process.argv[2]));
