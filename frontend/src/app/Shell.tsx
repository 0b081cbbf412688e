// The frame around every page: menu at the side, or in a drawer on a phone; chain, language and account on top.

import { LogoutOutlined, MenuOutlined, TranslationOutlined, UserOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Grid, Layout, Menu } from "antd";
import { Suspense, useState } from "react";
import { NavLink, Outlet, useLocation, useNavigate } from "react-router";
import { gateway } from "@/api/client";
import { useIsOld } from "@/api/reach";
import { mayAllGo } from "@/parts/held";
import { Loading } from "@/parts/PageState";
import { Text } from "@/parts/Text";
import { sharedWords } from "@/parts/words";
import { language, speak } from "@/words/language";
import { useWords } from "@/words/words";
import { PAGES, pageAt } from "./pages";
import { forgetLogin, useMe } from "./session";
import { menuWords } from "./words";

export default function Shell() {
  const words = useWords(menuWords);
  const wide = Grid.useBreakpoint().lg ?? false;
  const [open, setOpen] = useState(false);
  const menu = <PageMenu onChosen={() => setOpen(false)} />;
  return (
    <Layout className="min-h-dvh">
      <a href="#content" className="seen-by-readers-only focus:!static">
        {words.skip}
      </a>
      {wide ? (
        <Layout.Sider
          theme="light"
          width="13.5rem"
          className="!sticky top-0 h-dvh overflow-y-auto print:!hidden"
        >
          <Brand />
          {menu}
        </Layout.Sider>
      ) : (
        <Drawer placement="left" size="16.5rem" open={open} onClose={() => setOpen(false)} title={<Brand />}>
          {menu}
        </Drawer>
      )}
      <Layout>
        <TopBar onMenu={wide ? undefined : () => setOpen(true)} />
        <OldOnes />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[104rem] flex-1 min-[2560px]:max-w-[140rem] p-3 sm:p-5 outline-none"
        >
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </Layout>
    </Layout>
  );
}

/** Says that what is shown is not the newest, while the server does not answer. */
function OldOnes() {
  const words = useWords(menuWords);
  const { retry } = useWords(sharedWords);
  const queries = useQueryClient();
  if (!useIsOld()) return null;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 px-3 sm:px-5">
      <Text tone="warning">{words.old}</Text>
      <Button size="small" onClick={() => void queries.refetchQueries({ type: "active" })}>
        {retry}
      </Button>
    </div>
  );
}

function Brand() {
  return (
    <div className="flex items-center gap-2 px-5 py-4 font-bold text-lg">
      <img src="/mark.svg" alt="" width={24} height={24} />
      Regulars
    </div>
  );
}

function PageMenu({ onChosen }: { readonly onChosen: () => void }) {
  const words = useWords(menuWords);
  const { actions } = useMe();
  const place = useLocation();
  const here = pageAt(place.pathname);
  return (
    <nav aria-label={words.menu}>
      <Menu
        mode="inline"
        className="!border-none"
        selectedKeys={here ? [here.path] : []}
        onClick={onChosen}
        items={PAGES.filter((page) => actions.includes(page.action)).map((page) => ({
          key: page.path,
          icon: page.icon,
          label: <NavLink to={page.path}>{words.pages[page.name]}</NavLink>,
        }))}
      />
    </nav>
  );
}

function TopBar({ onMenu }: { readonly onMenu: (() => void) | undefined }) {
  const words = useWords(menuWords);
  const me = useMe();
  const navigate = useNavigate();
  const [stillIn, setStillIn] = useState(false);
  const logOut = async () => {
    if (!(await mayAllGo())) return;
    try {
      await gateway.POST("/v1/auth/logout");
      forgetLogin();
      await navigate("/sign-in");
    } catch {
      setStillIn(true);
    }
  };
  return (
    <Layout.Header className="!flex !h-14 !items-center gap-2 !bg-transparent !px-3 sm:!px-5">
      {onMenu && (
        <Button
          type="text"
          className="print:!hidden"
          icon={<MenuOutlined aria-hidden />}
          aria-label={words.menu}
          onClick={onMenu}
        />
      )}
      <Text strong className="min-w-0 truncate">
        {me.tenant_name ?? me.email}
      </Text>
      {stillIn && (
        <span role="alert" className="ml-auto text-right text-sm leading-tight">
          <Text tone="warning">{words.stillIn}</Text>
        </span>
      )}
      <div className="ml-auto flex items-center print:hidden">
        <Button
          type="text"
          icon={<TranslationOutlined aria-hidden />}
          aria-label={words.language}
          onClick={() => speak(language() === "vi" ? "en" : "vi")}
          lang={language() === "vi" ? "en" : "vi"}
        >
          <span className="max-sm:hidden">{words.language}</span>
        </Button>
        <Button
          type="text"
          icon={<UserOutlined aria-hidden />}
          aria-label={words.account}
          onClick={() => void navigate("/account")}
        >
          <span className="max-sm:hidden">{words.account}</span>
        </Button>
        <Button
          type="text"
          icon={<LogoutOutlined aria-hidden />}
          aria-label={words.logOut}
          onClick={() => void logOut()}
        >
          <span className="max-sm:hidden">{words.logOut}</span>
        </Button>
      </div>
    </Layout.Header>
  );
}
