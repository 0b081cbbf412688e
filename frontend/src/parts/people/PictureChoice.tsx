// A picture of a face, chosen from files or taken with this device's camera; it goes nowhere before it is handed on.

import { CameraOutlined, UploadOutlined } from "@ant-design/icons";
import { Alert, Button, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { useWords } from "@/words/words";
import { peopleWords } from "./words";

interface PictureChoiceProps {
  readonly onPicture: (picture: Blob) => void;
  readonly waiting?: boolean;
  readonly several?: boolean;
}

export function PictureChoice({ onPicture, waiting = false, several = false }: PictureChoiceProps) {
  const words = useWords(peopleWords);
  const file = useRef<HTMLInputElement>(null);
  const [taking, setTaking] = useState(false);
  return (
    <div className="flex flex-wrap gap-2">
      <input
        ref={file}
        type="file"
        accept="image/jpeg,image/png"
        multiple={several}
        hidden
        onChange={(event) => {
          for (const one of event.target.files ?? []) onPicture(one);
          event.target.value = "";
        }}
      />
      <Button icon={<UploadOutlined aria-hidden />} loading={waiting} onClick={() => file.current?.click()}>
        {words.upload}
      </Button>
      <Button icon={<CameraOutlined aria-hidden />} disabled={waiting} onClick={() => setTaking(true)}>
        {words.webcam}
      </Button>
      <Modal
        open={taking}
        title={words.webcam}
        footer={null}
        onCancel={() => setTaking(false)}
        destroyOnHidden
      >
        <Webcam
          onPicture={(picture) => {
            setTaking(false);
            onPicture(picture);
          }}
        />
      </Modal>
    </div>
  );
}

function Webcam({ onPicture }: { readonly onPicture: (picture: Blob) => void }) {
  const words = useWords(peopleWords);
  const video = useRef<HTMLVideoElement>(null);
  const isAway = useCamera(video);
  const [seen, setSeen] = useState(false); // before its first picture there is none to take
  const take = () => {
    const shown = video.current;
    if (!shown) return;
    const still = document.createElement("canvas");
    still.width = shown.videoWidth;
    still.height = shown.videoHeight;
    still.getContext("2d")?.drawImage(shown, 0, 0);
    still.toBlob((picture) => picture && onPicture(picture), "image/jpeg", 0.92);
  };
  if (isAway) return <Alert type="warning" showIcon title={words.webcamAway} />;
  return (
    <div className="flex flex-col gap-3">
      <video
        ref={video}
        autoPlay
        playsInline
        muted
        className="w-full -scale-x-100 rounded-lg"
        onLoadedData={() => setSeen(true)}
      />
      <Button type="primary" size="large" block disabled={!seen} onClick={take}>
        {words.takePicture}
      </Button>
    </div>
  );
}

/** Show the device's camera in the element while the component is there, and let it go afterwards; says when there is none. */
function useCamera(video: React.RefObject<HTMLVideoElement | null>): boolean {
  const [isAway, setAway] = useState(false);
  useEffect(() => {
    let stream: MediaStream | undefined;
    let ended = false;
    const letGo = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const open = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: 1280 } });
        if (ended) return letGo();
        if (video.current) video.current.srcObject = stream;
      } catch {
        setAway(true); // refused, none there, or a page without TLS
      }
    };
    void open();
    return () => {
      ended = true;
      letGo();
    };
  }, [video]);
  return isAway;
}
