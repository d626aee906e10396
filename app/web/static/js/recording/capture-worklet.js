/** Audio thread: any rate and channel count in, 16 kHz mono 16-bit blocks of 100 ms out. */

const OUT_RATE = 16000;
const BLOCK = OUT_RATE / 10;
const LOBES = 12;

/** Streaming band-limited resampler (Hann-windowed sinc). */
class Resampler {
  constructor(inRate) {
    this.step = inRate / OUT_RATE;
    this.cutoff = Math.min(1, OUT_RATE / inRate);
    this.reach = Math.ceil(LOBES / this.cutoff);
    this.held = new Float32Array(this.reach);
    this.position = this.reach;
  }

  weight(distance) {
    const x = Math.PI * distance * this.cutoff;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    return this.cutoff * sinc * 0.5 * (1 + Math.cos((Math.PI * distance) / this.reach));
  }

  /** Feed samples; returns those that can be computed now. */
  feed(samples) {
    const input = new Float32Array(this.held.length + samples.length);
    input.set(this.held);
    input.set(samples, this.held.length);
    const out = [];
    while (this.position + this.reach < input.length) {
      const first = Math.ceil(this.position - this.reach);
      const last = Math.floor(this.position + this.reach);
      let sum = 0;
      for (let i = Math.max(0, first); i <= last; i += 1) sum += input[i] * this.weight(i - this.position);
      out.push(sum);
      this.position += this.step;
    }
    const drop = Math.max(0, Math.floor(this.position) - this.reach);
    this.held = input.slice(drop);
    this.position -= drop;
    return out;
  }
}

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = sampleRate === OUT_RATE ? null : new Resampler(sampleRate);
    this.block = new Int16Array(BLOCK);
    this.filled = 0;
    this.peak = 0;
    this.port.onmessage = ({ data }) => {
      if (data === "flush") {
        this.emit();
        this.port.postMessage("flushed");
      }
    };
  }

  emit() {
    if (this.filled === 0) return;
    const pcm = this.block.slice(0, this.filled).buffer;
    this.port.postMessage({ pcm, peak: this.peak }, [pcm]);
    this.filled = 0;
    this.peak = 0;
  }

  write(sample) {
    const clipped = Math.max(-1, Math.min(1, sample));
    this.block[this.filled] = Math.round(clipped * 32767);
    this.filled += 1;
    this.peak = Math.max(this.peak, Math.abs(clipped));
    if (this.filled === BLOCK) this.emit();
  }

  process([channels]) {
    if (!channels?.length) return true;
    let mono = channels[0];
    if (channels.length > 1) {
      mono = mono.map((_, i) => channels.reduce((sum, channel) => sum + channel[i], 0) / channels.length);
    }
    for (const sample of this.resampler ? this.resampler.feed(mono) : mono) this.write(sample);
    return true;
  }
}

registerProcessor("dra-capture", Capture);
