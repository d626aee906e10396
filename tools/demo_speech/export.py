"""Float weights become the CTranslate2 folder that faster-whisper loads."""

import json
import shutil
from pathlib import Path

import torch
from ctranslate2.converters.transformers import WhisperLoader
from transformers import WhisperConfig, WhisperForConditionalGeneration

from tools.demo_speech.network import MAX_FRAMES, MAX_TOKENS, MEL_BANDS, Size
from tools.demo_speech.tokens import Vocabulary

FEATURES = {
    "feature_size": MEL_BANDS,
    "sampling_rate": 16_000,
    "hop_length": 160,
    "chunk_length": 30,
    "n_fft": 400,
}


def export(weights: Path, tokenizer: Path, folder: Path, *, quantization: str = "int8") -> None:
    """Write model.bin, config.json, vocabulary, tokenizer and features; the manifest is yours."""
    saved = torch.load(weights, weights_only=True)
    size = Size(**saved["size"])
    vocabulary = Vocabulary.load(tokenizer)
    model = _as_transformers(size, vocabulary, saved["weights"])
    loader = WhisperLoader()
    spec = loader.get_model_spec(model)
    loader.set_config(spec.config, model, None)
    spec.config.lang_ids = []
    names = [vocabulary.tokenizer.id_to_token(number) for number in range(size.tokens)]
    spec.register_vocabulary(names)
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "preprocessor_config.json").write_text(json.dumps(FEATURES), encoding="utf-8")


def _as_transformers(
    size: Size, vocabulary: Vocabulary, weights: dict[str, torch.Tensor]
) -> WhisperForConditionalGeneration:
    config = WhisperConfig(
        vocab_size=size.tokens,
        d_model=size.width,
        encoder_layers=size.encoder_layers,
        decoder_layers=size.decoder_layers,
        encoder_attention_heads=size.heads,
        decoder_attention_heads=size.heads,
        encoder_ffn_dim=size.feed_forward,
        decoder_ffn_dim=size.feed_forward,
        num_mel_bins=MEL_BANDS,
        max_source_positions=MAX_FRAMES,
        max_target_positions=MAX_TOKENS,
        bos_token_id=vocabulary.start,
        eos_token_id=vocabulary.end,
        pad_token_id=vocabulary.end,
        decoder_start_token_id=vocabulary.start,
        suppress_tokens=[],
        begin_suppress_tokens=[vocabulary.end],
    )
    model = WhisperForConditionalGeneration(config)
    named = {f"model.{name}": weights[name] for name in weights if not name.startswith("ctc")}
    named["proj_out.weight"] = named["model.decoder.embed_tokens.weight"]
    model.load_state_dict(named, strict=True)
    later_layers = range(size.decoder_layers // 2, size.decoder_layers)
    generation = model.generation_config
    generation.suppress_tokens = []
    generation.begin_suppress_tokens = [vocabulary.end]
    generation.alignment_heads = [
        [layer, head] for layer in later_layers for head in range(size.heads)
    ]
    generation.lang_to_id = {}
    return model
