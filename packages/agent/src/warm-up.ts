import { modelMessageSchema } from 'ai';

/**
 * Makes the SDK's check of its messages cheap from the first run on. Zod 4.6 walks a schema again at each
 * parse until its `z.lazy` parts have been visited once, and the SDK's JSON values use those. Without this, a
 * short run costs 50 % more.
 */
export function warmUpMessageSchema(): void {
  const providerOptions = { any: { json: [null] } };
  modelMessageSchema.safeParse({ role: 'user', content: [{ type: 'text', text: '', providerOptions }] });
}
