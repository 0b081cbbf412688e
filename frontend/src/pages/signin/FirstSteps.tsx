// For a login that is good for less: choose a password of one's own, or set up the second step, before all else.

import { Button } from "antd";
import { gateway } from "@/api/client";
import type { Me } from "@/api/schema";
import Asking from "@/app/Asking";
import { FactorSetUp } from "@/pages/account/FactorSetUp";
import { PasswordForm } from "@/pages/account/PasswordForm";
import { useWords } from "@/words/words";
import { Doorway } from "./Doorway";
import { signInWords } from "./words";

interface FirstStepsProps {
  readonly me: Me;
  /** The password, where it was typed a moment ago. */
  readonly present?: string | undefined;
  /** Told who it is now, when a step is done. */
  readonly onMe: (me: Me) => void;
}

export default function FirstSteps({ me, present, onMe }: FirstStepsProps) {
  const words = useWords(signInWords).first;
  const choosing = me.stage === "password";
  const askAgain = async () => {
    const { data } = await gateway.GET("/v1/auth/me");
    if (data) onMe(data);
  };
  const logOut = async () => {
    await gateway.POST("/v1/auth/logout");
    location.assign("/sign-in");
  };
  return (
    <Asking>
      <Doorway
        title={choosing ? words.password : words.factor}
        help={choosing ? words.passwordHelp : words.factorHelp}
      >
        {choosing ? (
          <PasswordForm email={me.email} present={present} onChanged={onMe} />
        ) : (
          <FactorSetUp present={present} onDone={() => void askAgain()} />
        )}
        <Button type="link" className="mt-4 !px-0" onClick={() => void logOut()}>
          {words.logOut}
        </Button>
      </Doorway>
    </Asking>
  );
}
