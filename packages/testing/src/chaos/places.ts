import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundled, freePort, type ManagedProcess, startProcess } from '../index.js';
import type { Random } from './random.js';
import { setClock, wrongClock } from './wrong-clock.js';

type Kind = 'api' | 'worker';

/** Where one process has to run, whatever happens to it. */
export interface Place {
  readonly kind: Kind;
  /** The folder of the product whose build it runs; undefined for this one. */
  readonly root: string | undefined;
  process: ManagedProcess | undefined;
  /** Of an api: where it listens. */
  url: string;
  /** The file that says how far the clock of its process is ahead of this machine's. */
  readonly clock: string;
  /** Nothing is started here any more. */
  isClosed: boolean;
}

/** The clocks of processes. */
export interface Clocks {
  areSkewed: boolean;
  /** Whether they may be set while their process runs. */
  areMoved: boolean;
  /** The path of libfaketime, if there is one. */
  faketime: string | undefined;
}

/** All places, each restarted once its process has ended, as compose does. */
export interface Places {
  /** The running processes, also those that are still starting. */
  running(kind?: Kind): (Place & { process: ManagedProcess })[];
  /** Those that are not closed. */
  all(): Place[];
  open(kind: Kind, root?: string): Place;
  /** Stops the process of a place for good. */
  close(place: Place): Promise<void>;
  /** Stops all processes, calls `meanwhile`, and starts them again. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  /** Sets the clock of one running process forward or back. Does nothing if none runs. */
  moveClock(): void;
  /** Starts so far with a clock that was wrong. */
  skewedStarts(): number;
  /** What ended processes that nobody had sent a signal had printed last. */
  unexpectedEnds: string[];
  logs(): string;
  /** What processes have printed about something, one line each. */
  linesAbout(id: string): string[];
  stop(): Promise<void>;
}

const SUPERVISE_MS = 500;
/** Longer than the processes' grace, in ms. */
const STOP_MS = 10_000;
const HOUR_MS = 3_600_000;
/** Half of all clocks are right. */
const SKEWS_MS = [0, 0, 0, 0, 300_000, -20_000, 8 * 24 * HOUR_MS, -HOUR_MS];
const LAST_CHARACTERS = 1_500;

const PROGRAMS = { api: 'server.js', worker: 'main.js' } as const;

/**
 * Watches over places. Each start gets a clock of its own.
 *
 * @param env of all processes
 * @param clocks whether they may be wrong, and what shifts them
 */
export function openPlaces(env: Record<string, string>, random: Random, clocks: Clocks): Places {
  const places: Place[] = [];
  const ended: { place: Place; process: ManagedProcess }[] = [];
  const unexpectedEnds: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'agenthook-clocks-'));
  const hasClocks = clocks.areSkewed || clocks.areMoved;
  let skewed = 0;
  let isOver = false;
  /** While everything is stopped. */
  let isHeld = false;

  async function start(place: Place): Promise<void> {
    const port = await freePort();
    const skewMs = (clocks.areSkewed && random.oneOf(SKEWS_MS)) || 0;
    if (skewMs !== 0) skewed++;
    setClock(place.clock, skewMs);
    const started = await startProcess(
      process.execPath,
      [bundled(place.kind, PROGRAMS[place.kind], place.root)],
      {
        env: {
          ...env,
          PORT: String(port),
          ...(hasClocks && wrongClock(place.clock, clocks.faketime)),
        },
      },
    );
    place.url = `http://127.0.0.1:${port}`;
    place.process = started;
    const { code, signal } = await started.exited;
    ended.push({ place, process: started });
    if (signal === null && code !== 0) {
      const last = started.log().slice(-LAST_CHARACTERS);
      unexpectedEnds.push(`${place.kind} ended with code ${code}:\n${last}`);
    }
  }
  async function supervise(place: Place): Promise<void> {
    while (!place.isClosed && !isOver) {
      if (!isHeld) await start(place);
      await sleep(SUPERVISE_MS);
    }
  }
  const logs = () =>
    [...ended, ...places]
      .map(({ process, ...rest }) => {
        const { kind } = 'place' in rest ? rest.place : rest;
        return `--- ${kind}\n${process?.log().slice(-LAST_CHARACTERS) ?? ''}`;
      })
      .join('\n');
  const running: Places['running'] = (kind) =>
    places.filter(
      (place): place is Place & { process: ManagedProcess } =>
        place.process !== undefined &&
        place.process.exit() === undefined &&
        (kind === undefined || place.kind === kind),
    );

  return {
    running,
    all: () => places.filter(({ isClosed }) => !isClosed),
    open(kind, root) {
      const clock = join(folder, String(places.length));
      const place: Place = { kind, root, process: undefined, url: '', clock, isClosed: false };
      places.push(place);
      supervise(place).catch((error) => unexpectedEnds.push(String(error)));
      return place;
    },
    async close(place) {
      place.isClosed = true;
      await place.process?.stop();
    },
    async restart(meanwhile) {
      isHeld = true;
      try {
        await Promise.all(running().map(({ process }) => process.stop('SIGTERM', STOP_MS)));
        await meanwhile();
      } finally {
        isHeld = false;
      }
    },
    moveClock() {
      const place = random.oneOf(running());
      if (place) setClock(place.clock, random.oneOf(SKEWS_MS) ?? 0);
    },
    skewedStarts: () => skewed,
    unexpectedEnds,
    logs,
    linesAbout: (id) =>
      [...ended.map(({ process }) => process), ...running().map(({ process }) => process)].flatMap(
        (process) =>
          process
            .log()
            .split('\n')
            .filter((line) => line.includes(id)),
      ),
    async stop() {
      isOver = true;
      for (const { process } of running()) process.signal('SIGCONT');
      await Promise.all(running().map(({ process }) => process.stop('SIGTERM', STOP_MS)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
