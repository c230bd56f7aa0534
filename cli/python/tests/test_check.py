"""faultline.check in the process of a test, and the forms of its arguments."""

import os
import pathlib
import sys
import types

import pytest
import torch

import faultline
from faultline import samples, settings

sys.path.insert(0, os.path.dirname(__file__))
import mistakes  # noqa: E402, F401


def test_findings_are_objects():
    found = faultline.check("mistakes::ignores_strides,mistakes::correct", cases=300, jobs=1)
    assert {finding.operator for finding in found} == {"mistakes::ignores_strides"}
    finding = next(finding for finding in found if finding.oracle == "layout")
    assert finding.kind in ("value", "dtype") and (finding.known, finding.new) == ("", True)
    assert "torch.ops.mistakes.ignores_strides.default(x0)" in finding.call
    assert finding.left.shows != finding.right.shows
    assert finding.title in str(finding) and finding.call.splitlines()[0] in str(finding)
    assert (finding.folder / "finding.case").is_file() and str(finding.folder) in finding.replay


def test_correct_operator_has_none():
    torch.ones(3, requires_grad=True).sum().backward()  # what this process did before has no effect
    assert faultline.check("mistakes::correct", cases=300, jobs=1) == []


@pytest.mark.parametrize("arguments, said", [
    ({"ops": "mistakes::none"}, "no operator matches 'mistakes::none'"),
    ({"ops": "mistakes::correct", "cases": 0}, "'0' is not a count"),
    ({"ops": "mistakes::correct", "cases": 1, "oracles": "layuot"}, "layuot"),
    ({"ops": "mistakes::correct", "cases": 1, "known": "missing"}, "missing"),
    ({"ops": "mistakes::correct", "time": 1, "cases": 1}, "time or cases"),
    ({"ops": "mistakes::correct", "modules": "no_such_module"}, "'no_such_module' cannot be imported"),
    ({"ops": "mistakes::correct", "samples": [("text",)]}, r"samples\[0\]: .*: argument 'x' is a Tensor"),
])
def test_bad_arguments_are_one_line(arguments, said):
    with pytest.raises(ValueError, match=said) as error:
        faultline.check(**arguments)
    assert "\n" not in str(error.value)


def written(tmp_path, *given, operators=()):
    """The texts of samples."""
    samples.write_samples(given, operators, tmp_path)
    return [file.read_text() for file in sorted(tmp_path.glob("*.case"))]


@pytest.mark.parametrize("name, values, text", [
    ("complex32", [1.5, 0], "c32[2] values { (0x1.8p+0,0x0p+0) (0x0p+0,0x0p+0) }"),
    ("uint64", [2**64 - 1, 0], "u64[2] values { 18446744073709551615 0 }"),
    ("float8_e5m2", [1.5, 0], "f8e5m2[2] values { 0x1.8p+0 0x0p+0 }"),
])
def test_sample_keeps_values_of_dtypes_that_few_kernels_accept(tmp_path, name, values, text):
    if not hasattr(torch, name):
        pytest.skip(f"this PyTorch has no {name}")
    tensor = torch.tensor(values, dtype=getattr(torch, name))
    assert f"storage s0 {text}\n" in written(tmp_path, {"op": "aten::clone", "args": (tensor,)})[0]


def test_sample_keeps_values_layout_and_shared_memory(tmp_path):
    memory = torch.arange(20.0)
    call = {"op": "aten::add.Tensor", "kwargs": {"alpha": 2},
            "args": (memory.as_strided((3, 2), (2, 1), 2), memory.as_strided((2,), (1,), 5))}
    assert written(tmp_path, call) == [
        "faultline case 1\nsubject torch\n"
        "storage s0 f32[6] values { 0x1p+1 0x1.8p+1 0x1p+2 0x1.4p+2 0x1.8p+2 0x1.cp+2 }\n"
        "input t0 s0 sizes [3, 2] strides [2, 1] offset 0\ninput t1 s0 sizes [2] strides [1] offset 3\n"
        "call r0 aten::add.Tensor(self=t0, other=t1, alpha=2)\n"]


def test_large_tensors_keep_their_range(tmp_path):
    call = (torch.rand(100, 100), torch.randint(0, 9, (200, 200)), torch.full((2000,), 3.0), -torch.rand(2000))
    text = written(tmp_path, {"op": "aten::cat", "args": (list(call),)})[0]
    rules = "s0 f32[10000] unit(1)", "s1 i64[40000] zeros", "s2 f32[2000] positive(1)", "s3 f32[2000] normal(1)"
    assert all(f"storage {rule}\n" in text for rule in rules)
    assert "call r0 aten::cat(tensors=[t0, t1, t2, t3], dim=0)" in text


def test_values_have_the_form_of_their_type(tmp_path):
    like = {"op": torch.ops.aten.zeros_like.default, "args": (torch.tensor([float("nan"), -0.0]),),
            "kwargs": {"dtype": torch.complex64, "device": "cpu", "memory_format": torch.contiguous_format}}
    clamp = {"op": "aten::leaky_relu", "args": (torch.tensor([1 + 2j]), 3)}
    texts = written(tmp_path, like, clamp, (torch.tensor([True]), 2.5), operators=["aten::mul"])
    assert "{ nan -0x0p+0 }" in texts[0]
    assert "dtype=dtype:c64, layout=None, device=device:cpu" in texts[0]
    assert "memory_format=memory_format:contiguous" in texts[0]
    assert "{ (0x1p+0,0x1p+1) }" in texts[1] and "negative_slope=3)" in texts[1]
    assert "b8[1] values { 1 }" in texts[2] and "aten::mul.Scalar(self=t0, other=0x1.4p+1)" in texts[2]


@pytest.mark.parametrize("sample, said", [
    ({"op": "aten::nothing"}, "no operator is called 'aten::nothing'"),
    ({"op": "aten::neg", "args": (torch.ones(2), 1, 2)}, "3 arguments are more than it takes"),
    ({"op": "aten::add.Tensor", "args": (torch.ones(2),)}, "argument 'other' is missing"),
    ({"op": "aten::neg", "args": (torch.ones(2).to_sparse(),)}, "has no form in a case"),
    (3, "a sample is a tuple"),
])
def test_sample_without_a_form_is_refused(tmp_path, sample, said):
    with pytest.raises(ValueError, match=said):
        written(tmp_path, sample)


def parsed(tmp_path, text, given=()):
    """The flags of a folder below that of a pyproject.toml."""
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "tests").mkdir(exist_ok=True)
    return settings.arguments(tmp_path / "tests", given)


def test_settings_are_flags(tmp_path):
    text = '[tool.faultline]\nops = ["a::*", "b::f"]\ntime = 2.5\nseed = 7\nknown = "entries"\nmodules = ["a"]\n'
    known = f"--known={tmp_path / 'entries'}"
    assert parsed(tmp_path, text) == ["a", "--ops=a::*,b::f", "--time=2.5", "--seed=7", known]
    assert parsed(tmp_path, text, ["run", "--cases", "5", "--ops=c"]) == ["a", "--seed=7", known]
    assert settings.read(tmp_path).modules == ("a",)
    assert parsed(tmp_path, "[project]\nname = 'a'\n") == []


def test_run_adds_the_settings_of_its_folder(tmp_path, monkeypatch, capsys):
    from faultline import __main__ as command

    ran = []
    core = types.SimpleNamespace(main=lambda arguments: ran.append(arguments) or 0)
    monkeypatch.setattr(command, "_core", core)
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    for text, *arguments in (["[tool.faultline]\ncases = 7\n", "run", "a"],
                             ["[tool.faultline]\ncases = 7\n", "list", "ops"],
                             ["[tool.faultline]\ncses = 7\n", "run"]):
        (tmp_path / "pyproject.toml").write_text(text)
        monkeypatch.setattr(sys, "argv", ["faultline", *arguments])
        status = command.main()
    assert ran == [["run", "a", "--cases=7"], ["list", "ops"]]
    assert status == 2 and capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("text, line, said", [
    ("[tool.other]\ntme = 1\n[tool.faultline]\ntime = 1\n  tme = 3\n", "5:3", "unknown key 'tme'"),
    ("[tool.faultline]\n\ntime = '3'\n", "3:1", "'time' of [tool.faultline] must be a number"),
    ("[tool.faultline]\nseed = 1.5\n", "2:1", "must be a whole number"),
    ("[tool.faultline]\nops = [1]\n", "2:1", "must be a string or a list of strings"),
    ("[tool]\nfaultline = 3\n", "1:1", "[tool.faultline] must be a table"),
])
def test_wrong_settings_are_refused(tmp_path, text, line, said):
    with pytest.raises(settings.SettingsError) as error:
        parsed(tmp_path, text)
    assert str(error.value).startswith(f"{pathlib.Path(tmp_path / 'pyproject.toml')}:{line}: ")
    assert said in str(error.value)
