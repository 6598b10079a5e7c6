import { AppShell, Box, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { PauseBanner } from '../components/pauses/pause-banner.js';
import { AccountMenu } from './account-menu.js';
import { ColorSchemeToggle } from './color-scheme-toggle.js';
import { HeaderNotice } from './header-notice.js';
import { Logo } from './logo.js';
import { NavLinks } from './nav-links.js';
import { PaletteDialogs } from './palette/palette-dialogs.js';
import classes from './shell.module.css';
import { useTrouble } from './use-trouble.js';

/** The frame of every page: navigation, colour scheme, session and warnings. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const main = useFocusOnNavigation();
  const trouble = useTrouble();

  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', md: 'lg' }}
    >
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <AppShell.Header px="md">
        <Group h="100%" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" flex="none">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isOpen ? 'Close the menu' : 'Open the menu'}
              aria-expanded={isOpen}
            />
            <Logo size={24} />
            <Text fw={650} {...(trouble && { visibleFrom: 'sm' as const })}>
              AgentHook
            </Text>
          </Group>
          {/* It fills the space between both ends, so its left edge does not depend on its content. */}
          <Box role={trouble?.color === 'red' ? 'alert' : 'status'} flex={1} miw={0} lh={1}>
            {trouble && <HeaderNotice trouble={trouble} />}
          </Box>
          <Group gap="xs" wrap="nowrap" flex="none">
            <ColorSchemeToggle />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Main">
        <NavLinks onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="main" tabIndex={-1} ref={main}>
        <PauseBanner />
        <Outlet />
      </AppShell.Main>
      <PaletteDialogs />
    </AppShell>
  );
}

/** After navigation, the keyboard and screen readers continue in the content, not at the top of the menu. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
