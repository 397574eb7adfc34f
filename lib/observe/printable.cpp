#include "observe/printable.hpp"
