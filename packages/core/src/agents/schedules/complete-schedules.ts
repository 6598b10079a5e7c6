import { type AgentConfig, type AgentInput, Schedule } from '@agenthook/contracts';
import { defaultsOf } from '../defaults-of.js';

const DEFAULTS = defaultsOf(Schedule) as Partial<Schedule>;

/** Schedules with the defaults of their missing fields. */
export const completeSchedules = (given: AgentInput['schedules'] = []): AgentConfig['schedules'] =>
  given.map((schedule) => ({ ...DEFAULTS, ...schedule }) as Schedule);
