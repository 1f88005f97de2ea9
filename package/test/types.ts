// What compiles with the package's types, and what must not. `cargo xtask package` runs tsc over it.

import { ResNeXt, ResNeXtError, type ErrorCode, type Prediction, type Taught } from "cardinal-resnext";
import { CardinalClassifier } from "cardinal-resnext/element";

export async function all(canvas: HTMLCanvasElement, video: HTMLVideoElement, file: File, pixels: ImageData): Promise<void> {
  const controller = new AbortController();
  const net: ResNeXt = await ResNeXt.load("resnext50_32x4d", {
    device: "webgpu",
    signal: controller.signal,
    onProgress: ({ step, loaded, total }) => console.log(step.toUpperCase(), loaded + (total ?? 0)),
  });
  await ResNeXt.load(new URL("https://a.b/c.safetensors"));
  await ResNeXt.load(file, { hub: "https://mirror" });
  const top: Prediction[] = await net.classify(canvas, { topK: 3 });
  const label: string | undefined = top[0]?.label;
  await net.classify(video);
  await net.classify("picture.jpg", { signal: controller.signal });
  const [map] = await net.cam(pixels, { classes: [1] });
  const values: Float32Array | undefined = map?.values;
  const features: Float32Array = await net.features(file);
  const taught: Taught = await net.teach({ cat: [canvas, file], dog: [video] });
  const { passed } = await net.selfCheck();
  console.log(label, values, features, taught.accuracy, passed);
  net.close();
  try {
    await net.classify(file);
  } catch (error) {
    if (error instanceof ResNeXtError) {
      const code: ErrorCode = error.code;
      // @ts-expect-error There is no such code.
      console.log(code === "gone", error.expected?.length, error.got);
    }
  }
  const element: CardinalClassifier = document.createElement("cardinal-classifier");
  element.addEventListener("answer", () => {});

  // @ts-expect-error There is no such network.
  await ResNeXt.load("resnext51");
  // @ts-expect-error There is no such device.
  await ResNeXt.load("resnext50_32x4d", { device: "gpu" });
  // @ts-expect-error A number is no picture.
  await net.classify(7);
  // @ts-expect-error Each class has a list of pictures.
  await net.teach({ cat: file });
  // @ts-expect-error It is made by `load`.
  new ResNeXt();
}
