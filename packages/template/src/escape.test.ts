import { describe, expect, test } from '@jest/globals';
import { type Escape, renderTemplate } from './index.js';

const HOSTILE = `</p><script>alert("1")</script> & 'x' \\ \n`;
const render = (source: string, escaping: Escape, payload: unknown = HOSTILE) =>
  renderTemplate(source, { payload }, { escaping });
const MARKUP = '&lt;/p&gt;&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt; &amp; &#39;x&#39; \\ \n';

const NAMES: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': '#34', "'": '#39' };

describe('in markup', () => {
  test.each([
    ['{{ payload }}', MARKUP],
    ['<a title="{{ payload }}">', `<a title="${MARKUP}">`],
    ['{{ payload | escape }}', MARKUP],
    ['{{ payload | xml_escape }}', MARKUP],
    ['{{ payload | escape_once }}', MARKUP],
    [
      '{{ payload | escape | upcase | downcase }}',
      MARKUP.toUpperCase().toLowerCase().replaceAll('&', '&amp;'),
    ],
    ['{% assign x = payload | escape %}{{ x }}', MARKUP],
    ['{{ payload | upcase }}', MARKUP.toUpperCase().replace(/&[A-Z]+;/g, (entity) => entity.toLowerCase())],
    ['{% for c in payload %}{{ c }}{% endfor %}', MARKUP],
    ['{{ payload | json }}', JSON.stringify(HOSTILE).replace(/[&<>"']/g, (c) => `&${NAMES[c]};`)],
    ['{{ 1 }}{{ true }}{{ missing }}', '1true'],
    ['{{ "<b>" }}', '&lt;b&gt;'],
  ])('%s cannot leave its place', (source, shown) => {
    expect(render(source, 'markup')).toBe(shown);
  });

  test('lists and objects are escaped as JSON, and characters that XML cannot hold are left out', () => {
    expect(render('{{ payload }}', 'markup', { a: '<' })).toBe('{&#34;a&#34;:&#34;&lt;&#34;}');
    expect(render('{{ payload }}', 'markup', 'a\u0000\u000b\uffffb\tc\nd')).toBe('ab\tc\nd');
    expect(render('{{ payload | escape }}', 'markup', '&amp;')).toBe('&amp;amp;');
  });

  test('only the author of the template decides what is inserted as it is', () => {
    expect(render('{{ payload | raw }}', 'markup')).toBe(HOSTILE);
    expect(render('{{ payload }}', 'markup', '{{ payload | raw }}')).toBe('{{ payload | raw }}');
  });
});

describe('in JSON', () => {
  test.each([HOSTILE, '', 'ü\u2028', '\\', '"}', { a: ['"'] }, [1, null], 12, true, null])(
    'the value %j stays in its string, and the filter json writes it whole',
    (payload) => {
      const both = render('{"text": "{{ payload }}", "value": {{ payload | json }}}', 'json', payload);
      const { text, value } = JSON.parse(both);
      expect(value).toEqual(payload);
      const shown =
        typeof payload === 'object' && payload !== null ? JSON.stringify(payload) : `${payload ?? ''}`;
      expect(text).toBe(shown);
    },
  );
});

test('without an escape, filters and fences work as before', () => {
  const variables = { payload: '<b>' };
  expect(renderTemplate('{{ payload | escape }}{{ payload | json }}', variables)).toBe('&lt;b&gt;"<b>"');
  expect(renderTemplate('{{ payload | json }}', variables, { fence: 'f' })).toBe('<f>"<b>"</f>');
});
