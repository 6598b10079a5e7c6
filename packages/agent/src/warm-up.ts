import { modelMessageSchema } from 'ai';

/**
 * Makes the SDK's check of its messages cheap from the first run on. Zod 4.6 walks a schema anew at each parse until its
 * `z.lazy` parts have been met once, and the SDK's JSON values are such: without this a short run costs half as much more.
 */
export function warmUpMessageSchema(): void {
  const providerOptions = { any: { json: [null] } };
  modelMessageSchema.safeParse({ role: 'user', content: [{ type: 'text', text: '', providerOptions }] });
}
