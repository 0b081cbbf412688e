// The whole portal: language, theme and cache around the routes.

import { StyleProvider } from "@ant-design/cssinjs";
import { QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import viVN from "antd/locale/vi_VN";
import { lazy, Suspense, useState } from "react";
import { createBrowserRouter, Navigate, RouterProvider } from "react-router";
import { makeQueries } from "@/api/client";
import { isHeld } from "@/parts/held";
import { Loading, NotAllowed } from "@/parts/PageState";
import { useLanguage } from "@/words/language";
import { Broken, NoPage } from "./Broken";
import { PAGES, type Page, pageAt } from "./pages";
import { LoggedIn, useMay, useMe, wasLoggedIn } from "./session";
import { themeFor, useDark, useLarge, useStill } from "./theme";

const fetchShell = () => import("./Shell");
const fetchAsking = () => import("./Asking");
const Shell = lazy(fetchShell);
const Asking = lazy(fetchAsking);
const AccountPage = lazy(() => import("@/pages/account/AccountPage"));
const StartPage = lazy(() => import("@/pages/start/StartPage"));
/** Pages before the login. */
const OUTSIDE = {
  "/sign-in": lazy(() => import("@/pages/signin/SignInPage")),
  "/forgotten": lazy(() => import("@/pages/signin/ForgottenPage")),
  "/password": lazy(() => import("@/pages/signin/LinkPage")),
};

const router = createBrowserRouter([
  ...Object.entries(OUTSIDE).map(([path, Outside]) => ({
    path,
    element: (
      <Suspense fallback={<Loading />}>
        <Outside />
      </Suspense>
    ),
    errorElement: <Broken />,
  })),
  {
    element: (
      <LoggedIn>
        <Suspense fallback={<Loading />}>
          <Shell />
        </Suspense>
      </LoggedIn>
    ),
    errorElement: <Broken />,
    children: [
      { index: true, element: <FirstPage /> },
      ...PAGES.map((page) => ({
        path: page.detail ? `${page.path}/${page.detail}` : page.path,
        element: <Allowed page={page} />,
        errorElement: <Broken />,
      })),
      {
        path: "/account",
        element: (
          <Asking>
            <AccountPage />
          </Asking>
        ),
        errorElement: <Broken />,
      },
      {
        path: "/start",
        element: (
          <Asking>
            <StartPage />
          </Asking>
        ),
        errorElement: <Broken />,
      },
      { path: "*", element: <NoPage /> },
    ],
  },
]);
if (wasLoggedIn()) fetchAhead(pageAt(location.pathname));

const queries = makeQueries(() => void queries.resetQueries({ queryKey: ["get", "/v1/auth/me"] }), isHeld);

export function App() {
  const language = useLanguage();
  const dark = useDark();
  return (
    <StyleProvider layer>
      <ConfigProvider locale={language === "vi" ? viVN : enGB} theme={themeFor(dark, useLarge(), useStill())}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </ConfigProvider>
    </StyleProvider>
  );
}

/** Fetch what a page is made of while the gateway is asked who is there; what fails is said when it is shown. */
function fetchAhead(page: Page | undefined): void {
  if (!page) return;
  for (const fetch of [fetchShell, page.fetch, ...(page.quiet ? [] : [fetchAsking])])
    fetch().catch(() => undefined);
}

function Allowed({ page }: { readonly page: Page }) {
  const may = useMay(page.action);
  if (!may) return <NotAllowed />;
  if (page.quiet) return <page.component />;
  return (
    <Asking>
      <page.component />
    </Asking>
  );
}

/** The first page of the menu that this role may see. */
function FirstPage() {
  const { actions } = useMe();
  const [first] = useState(() => PAGES.find((page) => actions.includes(page.action)));
  return first ? <Navigate to={first.path} replace /> : <NotAllowed />;
}
