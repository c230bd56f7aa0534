// For the laws of graphs and of the fuser: drawn programs, their graphs, and what their runs leave.
#pragma once

#include <cmath>
#include <cstring>

#include "engine/fuser/fusable.h"
#include "engine/fuser/fused_program.h"
#include "engine/ir/interpreter.h"
#include "engine/ir/print.h"
#include "engine/ir/recorder.h"
#include "engine/operator_cases.h"
#include "properties/law.h"

namespace properties {

using engine::Stack;
using engine::Tensor;
using engine::Value;

struct FuserWorld {
  FuserWorld();

  engine::ops::Operators op;
  engine::fuser::FuserSteps steps = engine::fuser::usual_steps();
  // Whether the analysis of a graph says that a node may write a value.
  bool (*may_write)(const engine::ir::AliasAnalysis&, size_t node, engine::ir::ValueId value) =
      [](const engine::ir::AliasAnalysis& analysis, size_t node, engine::ir::ValueId value) {
        return analysis.may_write(node, value);
      };
  std::vector<std::string> (*kind_faults)(const engine::ir::AliasKinds&) =
      [](const engine::ir::AliasKinds& kinds) { return kinds.faults(); };

  engine::fuser::Fuser& fuser();

  std::vector<engine::Operator> pointwise;  // functional, of tensors and numbers
  std::vector<engine::Operator> others;     // views, and operators that write their first argument

 private:
  std::unique_ptr<engine::fuser::Fuser> fuser_;
};

// A program that was run once, and its inputs as they were before.
struct DrawnProgram {
  engine::ir::Graph graph;
  std::vector<Tensor> inputs;
  Stack copies() const;  // of the inputs
};

// Of up to `calls` calls, all results of which are outputs. `with_others`: also views and writes.
DrawnProgram drawn_program(FuserWorld& world, ChoiceSource& choices, size_t calls, bool with_others);

// The same graph with other numbers of its values.
engine::ir::Graph renumbered(const engine::ir::Graph& graph, ChoiceSource& choices);

// dtype, sizes, strides and elements; all NaNs are one.
std::string content_of(const Tensor& tensor);
std::string content_of(const Stack& stack);

}  // namespace properties
