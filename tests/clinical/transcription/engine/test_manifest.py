import json
import shutil

import pytest
from pydantic import ValidationError

from app.clinical.transcription.manifest import (
    SPEECH_MODELS,
    ModelUnusable,
    UtteranceSettings,
    check_model,
    load_manifest,
)


def test_the_demo_model_says_that_it_is_one():
    model = load_manifest("demo")
    assert model.manifest.demo
    assert "688 words" in model.manifest.vocabulary
    assert model.manifest.info.parameters["decoding"]["beam_size"] == 1


def test_a_hub_name_gets_the_general_manifest_under_its_own_name():
    model = load_manifest("small.en")
    assert (model.source, model.manifest.name, model.manifest.demo) == (
        "small.en",
        "small.en",
        False,
    )


def test_a_folder_without_a_manifest_gets_the_general_one(tmp_path):
    folder = tmp_path / "our model"
    shutil.copytree(SPEECH_MODELS / "demo", folder)
    (folder / "manifest.json").unlink()
    model = load_manifest(str(folder))
    assert (model.source, model.manifest.name) == (str(folder), "our model")


@pytest.mark.parametrize("setting", ["", "  ", "/nowhere/at/all"])
def test_a_setting_that_names_nothing_is_refused(setting):
    with pytest.raises(ModelUnusable):
        load_manifest(setting)


def test_an_incomplete_folder_is_refused_by_the_names_of_what_is_missing(tmp_path):
    with pytest.raises(ModelUnusable, match=r"model\.bin"):
        load_manifest(str(tmp_path))


def test_a_broken_manifest_is_refused(tmp_path):
    shutil.copytree(SPEECH_MODELS / "demo", tmp_path, dirs_exist_ok=True)
    (tmp_path / "manifest.json").write_text(json.dumps({"name": "half"}))
    with pytest.raises(ModelUnusable, match="not a model manifest"):
        load_manifest(str(tmp_path))


def test_paddings_may_not_overlap():
    settings = load_manifest("demo").manifest.utterances.model_dump()
    with pytest.raises(ValidationError, match="half of min_silence_ms"):
        UtteranceSettings.model_validate({**settings, "speech_pad_ms": 200})


def test_checking_the_demo_model_loads_it_and_warns():
    check = check_model("demo")
    assert check.usable
    assert "not fit for patients" in check.advice


def test_checking_damaged_weights_says_what_to_do(tmp_path):
    shutil.copytree(SPEECH_MODELS / "demo", tmp_path, dirs_exist_ok=True)
    (tmp_path / "model.bin").write_bytes(b"not weights")
    check = check_model(str(tmp_path))
    assert not check.usable
    assert "cannot be loaded" in check.finding
    assert "model.bin" in check.advice


def test_checking_a_model_that_was_never_fetched_fetches_nothing():
    check = check_model("nobody/has-such-a-model")
    assert not check.usable
    assert "not on this machine" in check.finding
