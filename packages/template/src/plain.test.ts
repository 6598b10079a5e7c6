import { describe, expect, test } from '@jest/globals';
import { unitsOf } from './plain.js';

describe('unitsOf', () => {
  test.each([
    '{{ payload | json }}',
    'a {{ payload.a.b[0] | default: "none" | upcase }} b',
    '{% if payload.a == 1 and payload.b %}{{ payload.a }}{% else %}{{ payload.b }}{% endif %}',
    '{% comment %}{% for %}{% endcomment %}{% raw %}{{ a }}{% endraw %}',
    '{{ payload.a | append: payload.b | date: "%Y" }}',
    '{{ payload.a | parse_json | json }}',
  ])('counts templates that visit a payload a fixed number of times: %s', (source) => {
    expect(unitsOf(source)).toBeGreaterThanOrEqual(0);
  });

  test('counts JSON with an indent by what that may add to each value', () => {
    expect(unitsOf('{{ payload | json }}')).toBeLessThan(5);
    expect(unitsOf('{{ payload | json: 10 }}')).toBeGreaterThan(30);
    expect(unitsOf('{{ payload | json: payload.n }}')).toBeUndefined();
  });

  test.each([
    '{% for i in payload.items %}{{ i }}{% endfor %}',
    '{% if payload.a %}{% for i in (1..9) %}{{ i }}{% endfor %}{% endif %}',
    '{{ (1..payload.n) | size }}',
    '{{ payload[(1..9)] }}',
    '{{ payload.items | join: payload.separator }}',
    '{{ payload.a | replace: "", payload.b }}',
    '{{ payload.items | sort_natural }}',
    '{{ payload.a | date: payload.format }}',
    '{% if payload.a contains payload.b %}x{% endif %}',
    '{% assign a = payload %}{{ a }}',
    '{% capture a %}{{ payload }}{% endcapture %}',
  ])('has no bound for others: %s', (source) => {
    expect(unitsOf(source)).toBeUndefined();
  });
});
