import { ResNeXtError, aborted } from "./error.js";

/** A picture: an element or pixels that the page has, a file, or an address. */
export type ImageLike =
  | HTMLImageElement
  | SVGImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLVideoElement
  | VideoFrame
  | ImageBitmap
  | ImageData
  | Blob
  | URL
  | string;

/** A picture as the worker takes it: a file, or pixels that are handed over to it. */
export type Sent = { readonly file: Blob; readonly frame?: undefined } | { readonly frame: ImageBitmap; readonly file?: undefined };

/** Fetches what is at an address; takes the pixels of everything else but files, which the worker decodes itself. */
export async function taken(image: ImageLike, signal?: AbortSignal): Promise<Sent> {
  if (image instanceof Blob) return { file: image };
  if (typeof image === "string" || image instanceof URL) return { file: await fetched(image, signal) };
  if (typeof image !== "object" || image === null) {
    const got = image === null ? "null" : typeof image;
    throw new ResNeXtError("argument", "this is no picture", { expected: "an image, a canvas, a video, pixels, a file or an address", got });
  }
  try {
    if (image instanceof HTMLImageElement) await image.decode();
    return { frame: await createImageBitmap(image) };
  } catch (cause) {
    throw new ResNeXtError("picture", `the browser gives no pixels of this picture: ${words(cause)}`, { cause });
  }
}

/** The file of a picture, which pixels are written into. */
export async function asFile(image: ImageLike, signal?: AbortSignal): Promise<Blob> {
  const sent = await taken(image, signal);
  if (sent.file) return sent.file;
  const { frame } = sent;
  const canvas = new OffscreenCanvas(frame.width, frame.height);
  canvas.getContext("2d")?.drawImage(frame, 0, 0);
  frame.close();
  try {
    return await canvas.convertToBlob();
  } catch (cause) {
    throw new ResNeXtError("picture", `the browser does not let its pixels be read: ${words(cause)}`, { cause });
  }
}

async function fetched(address: URL | string, signal?: AbortSignal): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(address, signal ? { signal } : {});
    if (response.ok) return await response.blob();
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal);
    throw new ResNeXtError("network", `${address} could not be fetched: ${words(cause)}`, { cause });
  }
  throw new ResNeXtError("network", `${address} could not be fetched`, { expected: "200", got: String(response.status) });
}

export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
