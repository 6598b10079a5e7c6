import type { ServerResponse } from 'node:http';
import type { AgentPatch, Delivery } from '@agenthook/contracts';
import {
  type Context,
  createAgent,
  enqueueCallback,
  listDeliveries,
  mintWebhook,
  taskStatus,
  trigger,
} from '@agenthook/core';
import { createEgress, type Egress } from '@agenthook/egress';
import { type HttpCall, type HttpServer, postOf, startHttpServer, until } from '@agenthook/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { buildCallbackWorker } from '../src/callback-worker.js';
import type { RunningWorker } from '../src/run-workers.js';
import { buildWorker } from '../src/task-worker.js';
import { openTestContext, runAgentWithoutTools } from './context.js';

/** A wait between attempts that outlasts every test, in seconds. */
export const NEVER = 100_000;

export const verify = (secret: string, { body, headers }: HttpCall) =>
  new Webhook(secret).verify(body, headers);

/** A worker that runs tasks, a receiver with programmable answers, and callbacks between them on request. */
class CallbackStage {
  ctx!: Context;
  receiver!: HttpServer;
  /** The receiver's reaction to a call. Each test starts with 204. */
  answer!: (call: HttpCall, response: ServerResponse) => unknown;
  #close?: (deadlineMs: number) => Promise<void>;
  #egress?: Egress;
  #tasks?: RunningWorker;
  #callbacks: RunningWorker | undefined;

  async open(): Promise<void> {
    ({ ctx: this.ctx, close: this.#close } = await openTestContext());
    this.#egress = createEgress({ allow: ['127.0.0.1'] });
    this.#tasks = buildWorker(this.ctx, runAgentWithoutTools(), 10);
    this.receiver = await startHttpServer((call, response) => this.answer(call, response));
  }

  reset(): void {
    this.answer = (_call, response) => response.writeHead(204).end();
    this.receiver.calls.length = 0;
  }

  async close(): Promise<void> {
    await this.#tasks?.stop(5_000);
    await this.#egress?.close();
    await this.receiver?.close();
    await this.#close?.(1_000);
  }

  /** Starts delivering, with these waits between attempts, in seconds. */
  deliver(delays: number[] = [], timeoutMs?: number): void {
    const egress = this.#egress as Egress;
    this.#callbacks = buildCallbackWorker(this.ctx, {
      egress,
      buildRequest: () => Promise.resolve({ problem: 'These tests have no destinations.' }),
      publicUrl: async () => 'https://hooks.example.com',
      delays,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
  }

  async stopDelivering(deadlineMs: number): Promise<void> {
    await this.#callbacks?.stop(deadlineMs);
    this.#callbacks = undefined;
  }

  /** The number of callback jobs by BullMQ state. */
  async jobs(): Promise<Record<string, number>> {
    return (await this.ctx.callbacks[0]?.getJobCounts()) ?? {};
  }

  /** An agent with a callback to the receiver, or another one; `null` for none. */
  async agentWith(callback: AgentPatch['callback'] = { url: `${this.receiver.url}/hook?key=q` }) {
    const { ctx } = this;
    const agent = await createAgent(ctx, { name: 'Told', ...(callback && { callback }) }, 'sandbox:echo');
    const { token } = await mintWebhook(ctx, agent.id, 0);
    const id = agent.id;
    const secret = String(agent.callback?.secret);
    /** Runs a task to its end and hands it to callbacks, as the outbox does. */
    const finish = async (sandbox: object = { reply: 'done' }): Promise<string> => {
      const body = Buffer.from(JSON.stringify({ sandbox }));
      const outcome = await trigger(ctx, { token, ...postOf(body) });
      if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
      const task_id = outcome.task_id;
      const { status } = await until('the task ends', async () => {
        const state = await taskStatus(ctx, task_id);
        return state?.finished_at ? state : undefined;
      });
      await enqueueCallback(ctx, { shard: 0, task_id, agent_id: id, status: status as 'SUCCESS' });
      return task_id;
    };
    const delivery = async (task_id: string): Promise<Delivery> => {
      const { callbacks: found } = await listDeliveries(ctx, id, { limit: 10, task_id });
      expect(found).toHaveLength(1);
      return found[0] as Delivery;
    };
    const settled = (task_id: string, status: Delivery['status']) =>
      until(
        `the delivery is ${status}`,
        async () => {
          const found = await delivery(task_id);
          return found.status === status && found;
        },
        { timeoutMs: 15_000 },
      );
    return { id, secret, finish, delivery, settled };
  }
}

/** A stage for the tests of one file, opened before the first and closed after the last. */
export function setTheStage(): CallbackStage {
  const stage = new CallbackStage();
  beforeAll(() => stage.open());
  beforeEach(() => stage.reset());
  afterEach(() => stage.stopDelivering(5_000));
  afterAll(() => stage.close());
  return stage;
}
