#include "corpora/domains/domains.h"
namespace corpora {
Domains Domains::parse(std::string_view, std::string_view) { return {}; }
const Domains& Domains::torch() { static const Domains d; return d; }
const DomainRule* Domains::find(std::string_view) const { return nullptr; }
}
