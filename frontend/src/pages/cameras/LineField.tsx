// A form's field: the counting line on a test picture that is taken here.

import { CameraOutlined, SwapOutlined } from "@ant-design/icons";
import { Alert, Button, Spin, Typography } from "antd";
import { api } from "@/api/client";
import type { CameraSource, ConnectionTest, Line, SavedCamera } from "@/api/schema";
import { Refusal } from "@/parts/forms";
import { useWords } from "@/words/words";
import { conditionWords } from "./conditionWords";
import { LineDrawing } from "./LineDrawing";
import { ACROSS, swapped } from "./line";
import { camerasWords } from "./words";

interface LineFieldProps {
  /** Both given by the form's field. */
  readonly value?: Line | null;
  readonly onChange?: (line: Line | null) => void;
  readonly id?: string;
  /** What the camera is called, for who cannot see the picture. */
  readonly name: string;
  /** The source to try, checked; undefined where it is not right yet. */
  readonly source: () => Promise<CameraSource | SavedCamera | undefined>;
}

const UNSEEN = { width: 16, height: 9 };

export function LineField({ value, onChange, id, name, source }: LineFieldProps) {
  const words = useWords(camerasWords);
  const trial = api.useMutation("post", "/v1/cameras/test-connection");
  const seen = trial.data?.picture ? trial.data : undefined;
  const take = async () => {
    const body = await source();
    if (body) trial.mutate({ body });
  };
  const picture = seen && {
    url: `data:image/jpeg;base64,${seen.picture}`,
    alt: words.pictureOf(name),
  };
  const size = seen ? { width: seen.width, height: seen.height } : UNSEEN;
  return (
    <div id={id} className="flex flex-col gap-2">
      <div className="relative">
        <LineDrawing
          picture={picture}
          size={{ width: size.width * (seen ? 1 : 40), height: size.height * (seen ? 1 : 40) }}
          line={value ?? undefined}
          onChange={(line) => onChange?.(line)}
        />
        {!seen && (
          <div className="pointer-events-none absolute inset-x-4 top-3 text-center">
            {trial.isPending ? (
              <Spin description={words.pictureWaiting}>
                <div className="h-16" />
              </Spin>
            ) : (
              !value && <Typography.Text type="secondary">{words.pictureNone}</Typography.Text>
            )}
          </div>
        )}
      </div>
      <Refusal failure={trial.error} />
      {trial.data && !seen && <NoPicture answer={trial.data} />}
      <div className="flex flex-wrap gap-2">
        <Button icon={<CameraOutlined aria-hidden />} loading={trial.isPending} onClick={() => void take()}>
          {seen ? words.pictureAgain : words.pictureTake}
        </Button>
        {value ? (
          <>
            <Button icon={<SwapOutlined aria-hidden />} onClick={() => onChange?.(swapped(value))}>
              {words.lineSwap}
            </Button>
            <Button type="text" onClick={() => onChange?.(null)}>
              {words.lineRemove}
            </Button>
          </>
        ) : (
          <Button onClick={() => onChange?.(ACROSS)}>{words.lineDraw}</Button>
        )}
      </div>
      <Typography.Text type="secondary">{value ? words.lineHelp : words.lineNone}</Typography.Text>
    </div>
  );
}

function NoPicture({ answer }: { readonly answer: ConnectionTest }) {
  const words = useWords(conditionWords);
  const reason = answer.reason === "none" ? "no_picture" : answer.reason;
  const why = words.reasons[reason];
  return (
    <Alert
      role="alert"
      type="warning"
      showIcon
      title={why.charAt(0).toLocaleUpperCase() + why.slice(1)}
      description={words.advice[reason]}
    />
  );
}
