import {
  AgentConfig,
  AgentInput,
  AgentLimits,
  type AgentPatch,
  type AgentProblem,
  MAX_PROBLEM_ISSUES,
} from '@agenthook/contracts';
import { isJsonObject } from '@agenthook/json';
import { AppError } from '../../errors.js';
import { objectOf } from '../../redis/stored-row.js';
import { maskSecrets } from '../agent-secrets.js';
import { defaultsOf } from '../defaults-of.js';
import { escaped, type Fault, isEmpty, shapeFaults } from './shape-faults.js';

/** A stored configuration, completed with defaults, and what is wrong with it. */
export interface StoredConfig {
  config: AgentConfig;
  problem: AgentProblem | null;
}

type Fields = Record<string, unknown>;

const DEFAULTS: Fields = { ...defaultsOf(AgentConfig), ...defaultsOf(AgentInput), status: 'active' };
const DEFAULT_LIMITS = defaultsOf(AgentLimits);
/** Without one of these, a run would do something else than its owner has saved. */
const ESSENTIAL = ['name', 'model', 'system_prompt', 'input_template'];
/** The fields that every version has stored. */
const FIRST = [
  ...ESSENTIAL,
  ...['description', 'status', 'fallback_models', 'tools', 'input_schema', 'output_schema', 'callback'],
  ...['allow_get', 'signature', 'limits'],
];
/** The fields of a configuration, and what a version has in addition. */
const KNOWN = { ...AgentConfig.properties, version: true, created_at: true, saved_by: true };

const REPAIR = 'Save these fields again with PATCH, or the whole agent with PUT.';

/**
 * Completes what is stored of an agent or of a version. Fields that an older version did not store get
 * their defaults. A field that this version cannot read gets its default too, and is named in `problem`:
 * nothing may run with it. Never throws.
 */
export function storedConfig(stored: unknown): StoredConfig {
  const fields = isJsonObject(stored) ? stored : {};
  const blocking: Fault[] = [];
  const notes: Fault[] = [];
  const config: Fields = { ...DEFAULTS, name: 'Unreadable agent', model: '' };
  const unknown = unknownOf(fields, KNOWN);
  // A program that stores tags stores every field.
  const expected = 'tags' in fields ? (AgentConfig.required ?? []) : FIRST;

  for (const [name, schema] of Object.entries(AgentConfig.properties)) {
    const value = fields[name];
    if (value === undefined) {
      const isMoved = unknown.length > 0 && expected.includes(name);
      if (isMoved) blocking.push({ path: `/${name}`, message: `is missing; instead there is ${unknown}` });
      else if (ESSENTIAL.includes(name)) blocking.push({ path: `/${name}`, message: 'is missing' });
      else if (name === 'tools') notes.push({ path: '/tools', message: 'is missing; runs have no tools' });
      continue;
    }
    const faults = name === 'limits' ? limitFaults(value) : shapeFaults(schema, value, `/${name}`);
    blocking.push(...faults);
    if (faults.length === 0) config[name] = value;
    else if (name === 'tools' && Array.isArray(value)) config[name] = soundTools(value);
  }
  config.limits = { ...DEFAULT_LIMITS, ...(isJsonObject(config.limits) ? config.limits : {}) };
  for (const name of blocking.length > 0 ? [] : unknown)
    if (!isEmpty(fields[name]))
      notes.push({ path: `/${escaped(name)}`, message: 'is not known to this version; it has no effect' });
  return { config: config as AgentConfig, problem: problemOf(blocking, notes) };
}

/** The same for JSON text. Returns the value too, if it is an object. */
export function parseStored(json: string): StoredConfig & { stored: Fields | undefined } {
  const stored = objectOf(json);
  return { ...storedConfig(stored), stored };
}

/** Throws `invalid_request` if a PATCH leaves fields that cannot be read. */
export function checkRepairs(problem: AgentProblem | null, patch: AgentPatch): void {
  if (!problem?.blocks_runs) return;
  const issues = problem.errors.filter(({ path }) => !((path.split('/')[1] ?? '') in patch));
  if (issues.length === 0) return;
  throw new AppError('invalid_request', `${problem.detail} This change leaves out some of them.`, { issues });
}

const unknownOf = (fields: Fields, known: object): string[] =>
  Object.keys(fields)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => name.slice(0, 60))
    .slice(0, 5);

/** Limits that an older version did not know are missing. One under another name is missing and unknown. */
function limitFaults(value: unknown): Fault[] {
  if (!isJsonObject(value)) return shapeFaults(AgentLimits, value, '/limits');
  const hasUnknown = unknownOf(value, AgentLimits.properties).length > 0;
  const { required = [] } = AgentLimits;
  const isMoved = hasUnknown && required.some((name) => value[name] === undefined);
  const known = Object.fromEntries(
    Object.entries({ ...DEFAULT_LIMITS, ...value }).filter(
      ([name]) => isMoved || Object.hasOwn(AgentLimits.properties, name),
    ),
  );
  return shapeFaults(AgentLimits, known, '/limits');
}

const soundTools = (tools: unknown[]): unknown[] =>
  tools.filter((tool) => shapeFaults(AgentConfig.properties.tools.items, tool, '').length === 0);

function problemOf(blocking: readonly Fault[], notes: readonly Fault[]): AgentProblem | null {
  const errors = [...blocking, ...notes].slice(0, MAX_PROBLEM_ISSUES);
  const [first] = errors;
  if (!first) return null;
  const blocks_runs = blocking.length > 0;
  const what = blocks_runs ? 'The stored agent cannot be read' : 'The stored agent is not complete';
  return { detail: `${what}: ${first.path} ${first.message}. ${REPAIR}`, blocks_runs, errors };
}

/** A stored configuration without its secrets, as the API shows it. */
export const shownConfig = ({ config, problem }: StoredConfig) => ({
  ...maskSecrets(config),
  ...(problem && { problem }),
});
