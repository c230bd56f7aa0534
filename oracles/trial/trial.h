// Trial: one case on one subject. It expands the image once, runs the direct path once for all oracles, and
// reports each run to a journal before it starts, so that a crash is attributed to the right path.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/choice_source.h"
#include "corpora/case/image.h"
#include "oracles/subject.h"
#include "oracles/trial/effects.h"

namespace oracles {

class Trial {
 public:
  // Throws engine::InputError if the subject's catalog has no operator of a call, or if the number of
  // arguments differs from the schema.
  Trial(Subject& subject, const corpora::Case& c);

  const corpora::Case& test_case() const { return case_; }
  const corpora::Operator& last_operator() const { return *operators_.back(); }
  const std::vector<const corpora::Operator*>& operators() const { return operators_; }
  const corpora::Image& image() const { return image_; }
  Subject& subject() { return subject_; }

  // These three are computed by the first call.
  const Outcome& direct();                // the direct run
  const std::vector<TensorUse>& uses();   // the tensors that its calls use
  const Outcome& direct_other_pattern();  // the direct run with another memory pattern
  Outcome run(const corpora::Path& path);
  // Runs another program or other data. The journal gets `journal_path`, from which a replay derives this
  // run.
  Outcome run(const corpora::Case& other, const corpora::Path& path, const corpora::Path& journal_path);
  // Why the subject cannot run the case along the path, or empty.
  std::string refuses(const corpora::Path& path) const { return subject_.refuses(case_, path); }

  // The path that the header requests of this oracle; empty if the oracle may choose.
  const corpora::Path& requested_path() const { return case_.header.path; }
  // Choices of an oracle. They depend on the content of the case only.
  corpora::PhiloxChoices choices(uint64_t stream) const;

  // Called with the path before each run.
  std::function<void(const corpora::Path&)> before_run;
  // Called with the program after each run.
  std::function<void(const corpora::Case&, const Outcome&)> after_run;

 private:
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
              const corpora::Path& journal_path);

  Subject& subject_;
  const corpora::Case& case_;
  corpora::Image image_;
  std::vector<const corpora::Operator*> operators_;
  std::optional<Outcome> direct_, direct_other_pattern_;
  std::optional<std::vector<TensorUse>> uses_;
  mutable std::optional<uint64_t> content_hash_;
};

// A hash of the case without its header.
uint64_t content_hash(const corpora::Case& c);

}  // namespace oracles
