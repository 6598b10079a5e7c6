import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { HASH_TAGS } from './keys.js';
import { aclRules } from './needed-commands.js';

test('the guide has the rules of the ACL user', () => {
  const page = readFileSync(
    new URL('../../../../docs/guides/operate/run.md', import.meta.url),
    'utf8',
  ).replaceAll(/\s+/g, ' ');
  expect(page).toContain(`ACL SETUSER agenthook on >PASSWORD ${aclRules(HASH_TAGS)}`);
});
