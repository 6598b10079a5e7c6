import { type CSSVariablesResolver, createTheme, darken, type MantineColorsTuple } from '@mantine/core';
import { renderButton } from './busy-button.js';

const SYSTEM_FONTS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif';
const MONOSPACE_FONTS = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

/** The greys of the dark scheme, cooler than Mantine's: 7 is the page, 6 its surfaces, 0 the text. */
const SLATE: MantineColorsTuple = [
  '#d3d7df',
  '#b4bac7',
  '#9aa2b3',
  '#6b7385',
  '#3f4656',
  '#333a48',
  '#232936',
  '#181c25',
  '#12151c',
  '#0c0f14',
];

/** Mantine does not label the close buttons of its dialogs. */
const CLOSE = { 'aria-label': 'Close' };
/** Overlays. The page keeps its scroll bar, whose space is reserved, so nothing behind an overlay moves. */
const OVERLAY = { closeButtonProps: CLOSE, removeScrollProps: { removeScrollBar: false } };

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  colors: { dark: SLATE },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: SYSTEM_FONTS,
  fontFamilyMonospace: MONOSPACE_FONTS,
  headings: {
    fontFamily: SYSTEM_FONTS,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Does not render closed panels. By default Mantine keeps them in the page, hidden, and renders them on
    // every live update.
    Accordion: { defaultProps: { keepMounted: false } },
    Button: { defaultProps: { renderRoot: renderButton } },
    NavLink: { styles: { root: { borderRadius: 'var(--mantine-radius-md)' } } },
    Modal: { defaultProps: OVERLAY },
    Drawer: { defaultProps: OVERLAY },
    Notification: {
      defaultProps: { closeButtonProps: CLOSE },
      // Mantine's default has too little contrast (WCAG 2.2, 1.4.3).
      styles: { description: { color: 'var(--mantine-color-dimmed)' } },
    },
    // What people type has its own direction.
    TextInput: { defaultProps: { dir: 'auto' } },
    Textarea: { defaultProps: { dir: 'auto' } },
    Paper: { defaultProps: { withBorder: true, p: 'md' } },
    Table: { defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
});

/** How much darker than Mantine's the text on light badges and notices is. */
const DARKER = 0.35;

/**
 * Mantine's dimmed text, its errors and the text on its light badges have too little contrast (WCAG 2.2,
 * 1.4.3).
 */
export const cssVariablesResolver: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[6],
    '--mantine-color-error': colors.red[9],
    ...Object.fromEntries(
      Object.entries(colors).map(([name, shades]) => [
        `--mantine-color-${name}-light-color`,
        darken(shades[9], DARKER),
      ]),
    ),
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[2],
    '--mantine-color-error': colors.red[4],
    '--mantine-color-gray-light': colors.dark[5],
    '--mantine-color-gray-light-hover': colors.dark[4],
    '--mantine-color-gray-light-color': colors.dark[0],
  },
});
