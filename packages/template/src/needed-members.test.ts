import { expect, test } from '@jest/globals';
import { neededMembers } from './index.js';

test.each([
  ['Bearer {{ secrets.token }}', ['token']],
  ['{{ secrets.user | append: ":" | append: secrets["pass"] | base64_encode }}', ['user', 'pass']],
  ['{% if args.a %}{{ secrets.a }}{% else %}{{ secrets.b }}{% endif %}', ['a', 'b']],
  ['{% for x in args.list %}{{ secrets.c }}{% endfor %}', ['c']],
  ['{{ secrets.token | default: "none" }}', []],
  ['{% if secrets.token %}{{ secrets.token }}{% endif %}', []],
  ['{{ secrets[args.name] }} {{ args.secrets }} {{ payload.secrets.a }}', []],
  ['{{ secrets }} secrets.token', []],
  ['{{ secrets.', []],
])('%s', (source, members) => {
  expect(neededMembers(source, 'secrets')).toEqual(members);
});
