# The steps of somebody who installs nodeops and builds a program with its library.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "failed (${status}): ${ARGN}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
foreach(file bin/nodeops share/man/man1/nodeops.1 share/man/man1/nodeops-csv-transform.1
             share/bash-completion/completions/nodeops share/zsh/vendor-completions/_nodeops
             share/fish/vendor_completions.d/nodeops.fish)
  if(NOT EXISTS ${WORK}/prefix/${file})
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()

run(${CMAKE_COMMAND} -S ${SOURCE}/consumer -B ${WORK}/build -D CMAKE_PREFIX_PATH=${WORK}/prefix
    -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_BUILD_TYPE=Debug)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
if(NOT output MATCHES "name\nJean-Luc O'Neil\n")
  message(FATAL_ERROR "the consumer printed: ${output}")
endif()
run(${WORK}/prefix/bin/nodeops --version)

# What serves HTTP is a library of its own, which the installed program has to find.
file(WRITE ${WORK}/in.csv "a,b\n1,2\n")
run(${WORK}/prefix/bin/nodeops csv-transform --health 127.0.0.1:0 -o ${WORK}/out.csv ${WORK}/in.csv)

# The example of a plugin needs the installed header alone.
run(${CMAKE_COMMAND} -S ${WORK}/prefix/share/doc/nodeops/examples/plugin -B ${WORK}/plugin
    -D CMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/plugin)
file(WRITE ${WORK}/books.csv "isbn\n0-14-143958-0\n")
run(${WORK}/prefix/bin/nodeops csv-transform --plugin ${WORK}/plugin/isbn.so:isbn ${WORK}/books.csv)
if(NOT output MATCHES "isbn,isbn10\n9780141439587,0141439580\n")
  message(FATAL_ERROR "the plugin printed: ${output}")
endif()
