// The definitions of Boost.JSON, alone in their own file: beside other code a consumer's own copy collides.
#include <boost/json/src.hpp>
